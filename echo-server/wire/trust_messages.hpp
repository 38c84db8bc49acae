#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "echo-server/wire/frame.hpp"

/// How a prober and a server come to trust each other, and a connection to its session.
namespace deadair::wire {

using nonce = std::array<std::byte, 32>;
using digest = std::array<std::byte, 32>;
using session_id = std::array<std::byte, 16>;
using ticket = std::array<std::byte, 16>;

struct hello {
    static constexpr auto type = frame_type::hello;
    nonce client_nonce{};
    session_id resume{};    ///< all zero: a new session
    bool unbound{};         ///< the TLS channel is not what the server sees: interception
    bool asks_abilities{};  ///< `abilities` are to come before the welcome
};
struct challenge {
    static constexpr auto type = frame_type::challenge;
    nonce server_nonce{};
};
struct proof {
    static constexpr auto type = frame_type::proof;
    digest client{};
};
struct welcome {
    static constexpr auto type = frame_type::welcome;
    digest server{};
    session_id session{};
    bool resumed{};
    std::uint32_t connections_max{};  ///< that this session may hold at a time
};
/// What this server can do beyond what each of version 1 can; one that knows of none says nothing.
struct abilities {
    static constexpr auto type = frame_type::abilities;
    bool refresh_within{};  ///< it knows that request
};
enum class refusal : std::uint8_t {
    wrong_token = 1,
    too_many_sessions = 2,
    too_many_connections = 3,
    unknown_ticket = 4,
    malformed = 5,
    shutting_down = 6,
    no_binding = 7,  ///< TLS 1.2 without extended master secret (RFC 7627)
};
struct refused {
    static constexpr auto type = frame_type::refused;
    refusal why{};
};
struct ticket_request {
    static constexpr auto type = frame_type::ticket_request;
    std::uint16_t count{};
};
struct tickets {
    static constexpr auto type = frame_type::tickets;
    std::vector<ticket> values;
};

struct join {
    static constexpr auto type = frame_type::join;
    ticket admission{};
    std::uint32_t connection{};  ///< the prober's number for it
};
struct joined {
    static constexpr auto type = frame_type::joined;
    std::uint32_t connection{};
    std::array<std::byte, 16> address{};  ///< whence it came, IPv4 as ::ffff:a.b.c.d
    std::uint16_t port{};
};

std::string describe(refusal why);          ///< for people
std::string_view to_string(refusal value);  ///< "wrong_token"

}  // namespace deadair::wire
