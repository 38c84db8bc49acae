#include "echo-server/wire/trust_messages.hpp"

#include "echo-server/wire/coding.hpp"
#include "echo-server/wire/limits.hpp"

namespace deadair::wire {

// Static, and not in a nameless namespace: `encode` and `decode` find them by their arguments.

// Padding keeps a hello at least as long as the answer to it, so that nobody can use the
// server to send more than they sent themselves.
constexpr std::size_t hello_padding = 14;

static void put(writer& out, const hello& m)
{
    out.raw(m.client_nonce).raw(m.resume);
    put_flag(out, m.unbound);
    put_flag(out, m.asks_abilities);
    out.raw(std::array<std::byte, hello_padding>{});
}
static void take(reader& in, hello& m)
{
    m.client_nonce = in.raw<32>();
    m.resume = in.raw<16>();
    m.unbound = take_flag(in);
    m.asks_abilities = take_flag(in);
    (void)in.raw<hello_padding>();
}

static void put(writer& out, const challenge& m)
{
    out.raw(m.server_nonce);
}
static void take(reader& in, challenge& m)
{
    m.server_nonce = in.raw<32>();
}

static void put(writer& out, const proof& m)
{
    out.raw(m.client);
}
static void take(reader& in, proof& m)
{
    m.client = in.raw<32>();
}

static void put(writer& out, const welcome& m)
{
    out.raw(m.server).raw(m.session);
    put_flag(out, m.resumed);
    out.number(m.connections_max);
}
static void take(reader& in, welcome& m)
{
    m.server = in.raw<32>();
    m.session = in.raw<16>();
    m.resumed = take_flag(in);
    m.connections_max = in.number<std::uint32_t>();
}

constexpr std::uint32_t can_refresh_within = 1;

static void put(writer& out, const abilities& m)
{
    out.number(m.refresh_within ? can_refresh_within : std::uint32_t{});
}
static void take(reader& in, abilities& m)
{
    m.refresh_within = (in.number<std::uint32_t>() & can_refresh_within) != 0;
}

static void put(writer& out, const refused& m)
{
    out.number(static_cast<std::uint8_t>(m.why));
}
static void take(reader& in, refused& m)
{
    m.why = static_cast<refusal>(in.number<std::uint8_t>());
}

static void put(writer& out, const ticket_request& m)
{
    out.number(m.count);
}
static void take(reader& in, ticket_request& m)
{
    m.count = in.number<std::uint16_t>();
}

static void put(writer& out, const tickets& m)
{
    for (const auto& one : m.values)
        out.raw(one);
}
static void take(reader& in, tickets& m)
{
    while (in.left() >= sizeof(ticket) && m.values.size() < tickets_max)
        m.values.push_back(in.raw<sizeof(ticket)>());
}

static void put(writer& out, const join& m)
{
    out.raw(m.admission).number(m.connection);
}
static void take(reader& in, join& m)
{
    m.admission = in.raw<16>();
    m.connection = in.number<std::uint32_t>();
}

static void put(writer& out, const joined& m)
{
    out.number(m.connection).raw(m.address).number(m.port);
}
static void take(reader& in, joined& m)
{
    m.connection = in.number<std::uint32_t>();
    m.address = in.raw<16>();
    m.port = in.number<std::uint16_t>();
}

DEADAIR_MESSAGE(hello);
DEADAIR_MESSAGE(challenge);
DEADAIR_MESSAGE(proof);
DEADAIR_MESSAGE(welcome);
DEADAIR_MESSAGE(abilities);
DEADAIR_MESSAGE(refused);
DEADAIR_MESSAGE(ticket_request);
DEADAIR_MESSAGE(tickets);
DEADAIR_MESSAGE(join);
DEADAIR_MESSAGE(joined);

std::string describe(refusal why)
{
    switch (why) {
        case refusal::wrong_token:
            return "the token is not one of the server's";
        case refusal::too_many_sessions:
            return "the server holds as many sessions as it may, in all or with this token; try "
                   "later";
        case refusal::too_many_connections:
            return "the session, or its token, holds as many connections as it may";
        case refusal::unknown_ticket:
            return "the ticket is unknown, too old, or was used before";
        case refusal::malformed:
            return "the server could not read the message";
        case refusal::shutting_down:
            return "the server is shutting down";
        case refusal::no_binding:
            return "the TLS 1.2 that the server sees has no extended master secret (RFC 7627), so "
                   "no proof can be bound to it; is something on the path opening TLS?";
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
        case refusal::no_binding:
            return "no_binding";
    }
    return "unknown";
}

}  // namespace deadair::wire
