#include "echo-server/wire/messages.hpp"

#include "echo-server/wire/limits.hpp"

namespace deadair::wire {

namespace {

// Padding keeps a hello at least as long as the answer to it, so that nobody can use the
// server to send more than they sent themselves.
constexpr std::size_t hello_padding = 15;

void put(writer& out, nanoseconds value)
{
    out.number(static_cast<std::uint64_t>(value.count()));
}

nanoseconds take_time(reader& in)
{
    return nanoseconds{static_cast<nanoseconds::rep>(in.number<std::uint64_t>())};
}

void put(writer& out, const socket_facts& value)
{
    for (const auto number :
         {value.segments_in, value.segments_out, value.unacknowledged, value.retransmitted,
          value.rtt_us, value.rtt_variation_us, value.rto_us, value.since_data_sent_ms,
          value.since_data_received_ms, value.since_ack_received_ms})
        out.number(number);
}

socket_facts take_facts(reader& in)
{
    socket_facts value;
    for (auto* const number :
         {&value.segments_in, &value.segments_out, &value.unacknowledged, &value.retransmitted,
          &value.rtt_us, &value.rtt_variation_us, &value.rto_us, &value.since_data_sent_ms,
          &value.since_data_received_ms, &value.since_ack_received_ms})
        *number = in.number<std::uint32_t>();
    return value;
}

void put_flag(writer& out, bool value)
{
    out.number(static_cast<std::uint8_t>(value ? 1 : 0));
}

bool take_flag(reader& in)
{
    return in.number<std::uint8_t>() != 0;
}

end_cause take_cause(reader& in)
{
    const auto value = in.number<std::uint8_t>();
    return value <= static_cast<std::uint8_t>(end_cause::broken) ? static_cast<end_cause>(value)
                                                                 : end_cause::nothing;
}

// One pair per message: `put` writes the body, `take` reads it in the same order.

void put(writer& out, const hello& m)
{
    out.raw(m.client_nonce).raw(m.resume);
    put_flag(out, m.unbound);
    out.raw(std::array<std::byte, hello_padding>{});
}
void take(reader& in, hello& m)
{
    m.client_nonce = in.raw<32>();
    m.resume = in.raw<16>();
    m.unbound = take_flag(in);
    (void)in.raw<hello_padding>();
}

void put(writer& out, const challenge& m)
{
    out.raw(m.server_nonce);
}
void take(reader& in, challenge& m)
{
    m.server_nonce = in.raw<32>();
}

void put(writer& out, const proof& m)
{
    out.raw(m.client);
}
void take(reader& in, proof& m)
{
    m.client = in.raw<32>();
}

void put(writer& out, const welcome& m)
{
    out.raw(m.server).raw(m.session);
    put_flag(out, m.resumed);
    out.number(m.connections_max);
}
void take(reader& in, welcome& m)
{
    m.server = in.raw<32>();
    m.session = in.raw<16>();
    m.resumed = take_flag(in);
    m.connections_max = in.number<std::uint32_t>();
}

void put(writer& out, const refused& m)
{
    out.number(static_cast<std::uint8_t>(m.why));
}
void take(reader& in, refused& m)
{
    m.why = static_cast<refusal>(in.number<std::uint8_t>());
}

void put(writer& out, const ticket_request& m)
{
    out.number(m.count);
}
void take(reader& in, ticket_request& m)
{
    m.count = in.number<std::uint16_t>();
}

void put(writer& out, const tickets& m)
{
    for (const auto& one : m.values)
        out.raw(one);
}
void take(reader& in, tickets& m)
{
    while (in.left() >= sizeof(ticket) && m.values.size() < tickets_max)
        m.values.push_back(in.raw<sizeof(ticket)>());
}

void put(writer& out, const speak& m)
{
    out.number(m.probe).number(m.connection);
}
void take(reader& in, speak& m)
{
    m.probe = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
}

void put(writer& out, const spoke& m)
{
    out.number(m.probe).number(m.connection).number(static_cast<std::uint8_t>(m.cause));
    put(out, m.at);
    put(out, m.before);
}
void take(reader& in, spoke& m)
{
    m.probe = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
    m.cause = take_cause(in);
    m.at = take_time(in);
    m.before = take_facts(in);
}

void put(writer& out, const received& m)
{
    out.number(m.probe).number(m.connection);
    put(out, m.at);
    put(out, m.after);
}
void take(reader& in, received& m)
{
    m.probe = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
    m.at = take_time(in);
    m.after = take_facts(in);
}

void put(writer& out, const heartbeat& m)
{
    out.number(m.sequence);
    put(out, m.prober_time);
}
void take(reader& in, heartbeat& m)
{
    m.sequence = in.number<std::uint32_t>();
    m.prober_time = take_time(in);
}

void put(writer& out, const heartbeat_echo& m)
{
    out.number(m.sequence);
    put(out, m.prober_time);
    put(out, m.server_time);
}
void take(reader& in, heartbeat_echo& m)
{
    m.sequence = in.number<std::uint32_t>();
    m.prober_time = take_time(in);
    m.server_time = take_time(in);
}

void put(writer& out, const ended& m)
{
    out.number(m.connection).number(static_cast<std::uint8_t>(m.cause));
    put(out, m.at);
    put(out, m.last);
}
void take(reader& in, ended& m)
{
    m.connection = in.number<std::uint32_t>();
    m.cause = take_cause(in);
    m.at = take_time(in);
    m.last = take_facts(in);
}

void put(writer& out, const refresh_request& m)
{
    out.number(m.connection).number(static_cast<std::uint8_t>(m.by));
    out.number(static_cast<std::uint32_t>(m.every.count()));
}
void take(reader& in, refresh_request& m)
{
    m.connection = in.number<std::uint32_t>();
    const auto by = in.number<std::uint8_t>();
    m.by =
        by <= static_cast<std::uint8_t>(refresh::data) ? static_cast<refresh>(by) : refresh::none;
    m.every = std::chrono::milliseconds{in.number<std::uint32_t>()};
}

void put(writer& out, const filler& /*m*/)
{
    out.number(std::uint8_t{0});
}
void take(reader& in, filler& /*m*/)
{
    (void)in.number<std::uint8_t>();
}

void put(writer& out, const query& m)
{
    out.number(m.connection);
}
void take(reader& in, query& m)
{
    m.connection = in.number<std::uint32_t>();
}

void put(writer& out, const state& m)
{
    out.number(m.connection);
    put_flag(out, m.open);
    put(out, m.at);
    put(out, m.now);
}
void take(reader& in, state& m)
{
    m.connection = in.number<std::uint32_t>();
    m.open = take_flag(in);
    m.at = take_time(in);
    m.now = take_facts(in);
}

void put(writer& out, const join& m)
{
    out.raw(m.admission).number(m.connection);
}
void take(reader& in, join& m)
{
    m.admission = in.raw<16>();
    m.connection = in.number<std::uint32_t>();
}

void put(writer& out, const joined& m)
{
    out.number(m.connection);
}
void take(reader& in, joined& m)
{
    m.connection = in.number<std::uint32_t>();
}

void put(writer& out, const upload& m)
{
    out.number(m.transfer).number(m.size);
}
void take(reader& in, upload& m)
{
    m.transfer = in.number<std::uint32_t>();
    m.size = in.number<std::uint64_t>();
}

void put(writer& out, const download& m)
{
    out.number(m.transfer).number(m.connection).number(m.size);
}
void take(reader& in, download& m)
{
    m.transfer = in.number<std::uint32_t>();
    m.connection = in.number<std::uint32_t>();
    m.size = in.number<std::uint64_t>();
}

void put(writer& out, const transferred& m)
{
    out.number(m.transfer).number(m.connection).number(static_cast<std::uint8_t>(m.how));
    out.number(m.size);
    put(out, m.began);
    put(out, m.at);
    put(out, m.last);
}
void take(reader& in, transferred& m)
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

void put(writer& out, const probe& m)
{
    out.number(m.probe_number);
}
void take(reader& in, probe& m)
{
    m.probe_number = in.number<std::uint32_t>();
}

}  // namespace

template <class Message>
buffer encode(const Message& message)
{
    buffer body;
    writer out{body};
    put(out, message);
    return encode_frame(Message::type, body);
}

template <class Message>
std::optional<Message> decode(bytes body)
{
    Message message;
    reader in{body};
    take(in, message);
    if (!in.ok())
        return std::nullopt;
    return message;
}

#define DEADAIR_MESSAGE(name)                  \
    template buffer encode<name>(const name&); \
    template std::optional<name> decode<name>(bytes)
DEADAIR_MESSAGE(hello);
DEADAIR_MESSAGE(challenge);
DEADAIR_MESSAGE(proof);
DEADAIR_MESSAGE(welcome);
DEADAIR_MESSAGE(refused);
DEADAIR_MESSAGE(ticket_request);
DEADAIR_MESSAGE(tickets);
DEADAIR_MESSAGE(speak);
DEADAIR_MESSAGE(spoke);
DEADAIR_MESSAGE(received);
DEADAIR_MESSAGE(heartbeat);
DEADAIR_MESSAGE(heartbeat_echo);
DEADAIR_MESSAGE(ended);
DEADAIR_MESSAGE(query);
DEADAIR_MESSAGE(refresh_request);
DEADAIR_MESSAGE(filler);
DEADAIR_MESSAGE(state);
DEADAIR_MESSAGE(join);
DEADAIR_MESSAGE(joined);
DEADAIR_MESSAGE(probe);
DEADAIR_MESSAGE(upload);
DEADAIR_MESSAGE(download);
DEADAIR_MESSAGE(transferred);
#undef DEADAIR_MESSAGE

std::string describe(refusal why)
{
    switch (why) {
        case refusal::wrong_token:
            return "the token is not one of the server's";
        case refusal::too_many_sessions:
            return "the server holds as many sessions as it may; try later";
        case refusal::too_many_connections:
            return "the session holds as many connections as it may";
        case refusal::unknown_ticket:
            return "the ticket is unknown or was used before";
        case refusal::malformed:
            return "the server could not read the message";
        case refusal::shutting_down:
            return "the server is shutting down";
    }
    return "no known reason";
}

std::string_view to_string(refusal value)
{
    switch (value) {
        case refusal::wrong_token:
            return "wrong_token";
        case refusal::too_many_sessions:
            return "too_many_sessions";
        case refusal::too_many_connections:
            return "too_many_connections";
        case refusal::unknown_ticket:
            return "unknown_ticket";
        case refusal::malformed:
            return "malformed";
        case refusal::shutting_down:
            return "shutting_down";
    }
    return "unknown";
}

std::string_view to_string(end_cause value)
{
    constexpr std::array<std::string_view, 6> names{"nothing",   "reset", "closed",
                                                    "timed_out", "own",   "broken"};
    return names.at(static_cast<std::size_t>(value));
}

}  // namespace deadair::wire
