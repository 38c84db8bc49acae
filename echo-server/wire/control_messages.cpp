#include "echo-server/wire/control_messages.hpp"

#include "echo-server/wire/coding.hpp"

namespace deadair::wire {

// Static, and not in a nameless namespace: `encode` and `decode` find them by their arguments.

static void put(writer& out, const speak& m)
{
    out.number(m.probe).number(m.connection);
}
static void take(reader& in, speak& m)
{
    m.probe = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
}

static void put(writer& out, const spoke& m)
{
    out.number(m.probe).number(m.connection).number(static_cast<std::uint8_t>(m.cause));
    put(out, m.at);
    put(out, m.before);
}
static void take(reader& in, spoke& m)
{
    m.probe = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
    m.cause = take_cause(in);
    m.at = take_time(in);
    m.before = take_facts(in);
}

static void put(writer& out, const received& m)
{
    out.number(m.probe).number(m.connection);
    put(out, m.at);
    put(out, m.after);
}
static void take(reader& in, received& m)
{
    m.probe = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
    m.at = take_time(in);
    m.after = take_facts(in);
}

static void put(writer& out, const heartbeat& m)
{
    out.number(m.sequence);
    put(out, m.prober_time);
}
static void take(reader& in, heartbeat& m)
{
    m.sequence = in.number<std::uint32_t>();
    m.prober_time = take_time(in);
}

static void put(writer& out, const heartbeat_echo& m)
{
    out.number(m.sequence);
    put(out, m.prober_time);
    put(out, m.server_time);
}
static void take(reader& in, heartbeat_echo& m)
{
    m.sequence = in.number<std::uint32_t>();
    m.prober_time = take_time(in);
    m.server_time = take_time(in);
}

static void put(writer& out, const ended& m)
{
    out.number(m.connection).number(static_cast<std::uint8_t>(m.cause));
    put(out, m.at);
    put(out, m.last);
}
static void take(reader& in, ended& m)
{
    m.connection = in.number<std::uint32_t>();
    m.cause = take_cause(in);
    m.at = take_time(in);
    m.last = take_facts(in);
}

static void put(writer& out, const query& m)
{
    out.number(m.connection);
}
static void take(reader& in, query& m)
{
    m.connection = in.number<std::uint32_t>();
}

static void put(writer& out, const state& m)
{
    out.number(m.connection);
    put_flag(out, m.open);
    put(out, m.at);
    put(out, m.now);
}
static void take(reader& in, state& m)
{
    m.connection = in.number<std::uint32_t>();
    m.open = take_flag(in);
    m.at = take_time(in);
    m.now = take_facts(in);
}

static void put(writer& out, const refresh_request& m)
{
    out.number(m.connection).number(static_cast<std::uint8_t>(m.by));
    out.number(static_cast<std::uint32_t>(m.every.count()));
}
static void take(reader& in, refresh_request& m)
{
    m.connection = in.number<std::uint32_t>();
    const auto by = in.number<std::uint8_t>();
    m.by =
        by <= static_cast<std::uint8_t>(refresh::data) ? static_cast<refresh>(by) : refresh::none;
    m.every = std::chrono::milliseconds{in.number<std::uint32_t>()};
}

static void put(writer& out, const refresh_within& m)
{
    out.number(m.connection).number(m.hops);
    out.number(static_cast<std::uint32_t>(m.every.count()));
}
static void take(reader& in, refresh_within& m)
{
    m.connection = in.number<std::uint32_t>();
    m.hops = in.number<std::uint8_t>();
    m.every = std::chrono::milliseconds{in.number<std::uint32_t>()};
}

static void put(writer& out, const download& m)
{
    out.number(m.transfer).number(m.connection).number(m.size);
}
static void take(reader& in, download& m)
{
    m.transfer = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
    m.size = in.number<std::uint64_t>();
}

static void put(writer& out, const transferred& m)
{
    out.number(m.transfer).number(m.connection).number(static_cast<std::uint8_t>(m.how));
    out.number(m.size);
    put(out, m.began);
    put(out, m.at);
    put(out, m.last);
}
static void take(reader& in, transferred& m)
{
    m.transfer = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
    const auto how = in.number<std::uint8_t>();
    m.how = how <= static_cast<std::uint8_t>(transfer_end::refused) ? static_cast<transfer_end>(how)
                                                                    : transfer_end::cut;
    m.size = in.number<std::uint64_t>();
    m.began = take_time(in);
    m.at = take_time(in);
    m.last = take_facts(in);
}

DEADAIR_MESSAGE(speak);
DEADAIR_MESSAGE(spoke);
DEADAIR_MESSAGE(received);
DEADAIR_MESSAGE(heartbeat);
DEADAIR_MESSAGE(heartbeat_echo);
DEADAIR_MESSAGE(ended);
DEADAIR_MESSAGE(query);
DEADAIR_MESSAGE(state);
DEADAIR_MESSAGE(refresh_request);
DEADAIR_MESSAGE(refresh_within);
DEADAIR_MESSAGE(download);
DEADAIR_MESSAGE(transferred);

std::string_view to_string(end_cause value)
{
    constexpr std::array<std::string_view, 6> names{"nothing",   "reset", "closed",
                                                    "timed_out", "own",   "broken"};
    return names.at(static_cast<std::size_t>(value));
}

}  // namespace deadair::wire
