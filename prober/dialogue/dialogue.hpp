#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/words/duration.hpp"
#include "echo-server/wire/bytes.hpp"
#include "echo-server/wire/websocket.hpp"

/// What is said to a server of another make in its own language, so that it gives an answer which
/// only the far end of the connection can give. Pure: bytes in, bytes out.
namespace deadair::dialogue {

enum class language : std::uint8_t { http, websocket, redis, mqtt, tls, tcp };

/// What something that the server sent is to us.
enum class meaning : std::uint8_t {
    more,      ///< not whole yet, though a part may have been taken
    ready,     ///< it let us in
    answered,  ///< the answer to the question
    unasked,   ///< it said something by itself
    spoken,    ///< what another connection made it say here: `number`
    told,      ///< it has said `number` on another connection, as this one wanted
    untold,    ///< it knows no such connection, so it said `number` to nobody
    leaving,   ///< it says that it closes the connection; `why` is how
    refused,   ///< it will not have us; `why` is a sentence for people
};

struct heard {
    meaning is{meaning::more};
    std::size_t consumed{};
    bool last{};           ///< it closes the connection after this
    wire::buffer reply{};  ///< that its protocol demands
    std::string why{};
    std::uint32_t number{};
};

/// One connection's conversation. Nothing is said but the greeting, questions and replies, and what
/// makes the server speak.
class conversation {
public:
    virtual ~conversation() = default;
    /// What the client says first; empty: it is in as soon as the connection is open.
    virtual wire::buffer greet() = 0;
    /// The smallest question that the protocol has.
    virtual wire::buffer ask() = 0;
    /// What the server answers after so long, and not before, as far as it does what its URL says;
    /// the answer is one like that to `ask`. @pre `words::delayed`
    virtual wire::buffer ask_for_later(nanoseconds /*after*/) { return {}; }
    /// What makes the server say `number` on the connection `on`, which is `spoken_to`: `told` or
    /// `untold` follows here, `spoken` there. @pre can_let_speak of the language, `lets_speak`
    virtual wire::buffer let_speak(std::uint32_t /*on*/, std::uint32_t /*number*/) { return {}; }
    /// Takes the first thing from the front of what the server sent.
    virtual heard take(wire::bytes input) = 0;
};

/// What the user has to say to the server.
struct words {
    std::string host{};                  ///< with its port unless it is the usual one: HTTP's Host
    std::string target{};                ///< path and query
    std::string agent{};                 ///< who we are: HTTP's User-Agent
    std::vector<std::string> headers{};  ///< more of them, "Name: value"
    std::string user{};                  ///< empty: none
    std::string password{};
    std::optional<std::string> body{};  ///< of each HTTP request
    /// Path and query of what is answered after a delay, with a placeholder for it; empty: nothing.
    std::string delayed{};
};

/// What a connection has to do with messages that the server is made to send.
enum class role : std::uint8_t {
    none,
    spoken_to,   ///< they come on it
    lets_speak,  ///< it has them sent on others
};

/// Whether a server of this language can be made to speak at a chosen time.
constexpr bool can_let_speak(language in)
{
    return in == language::redis || in == language::mqtt;
}

/// What stands for the delay in `words::delayed`: a whole number of these.
struct placeholder {
    std::string_view text;
    nanoseconds unit{};
};
inline constexpr std::array placeholders{
    placeholder{"%7Bseconds%7D", std::chrono::seconds{1}},
    placeholder{"%7Bmilliseconds%7D", std::chrono::milliseconds{1}}};

/// What two connections do not share. A server cannot foresee them.
struct fresh {
    std::string key{};  ///< 16 bytes in base64
    wire::mask mask{};
    role is{};
    std::uint32_t number{};  ///< of the connection
    std::string stay{};      ///< letters and digits; but this all connections of one stay share
};

/// Where messages for the connection of that number are published: nobody else's have this name.
std::string channel_of(const fresh& own, std::string_view number);

/// @param said  outlives it
std::unique_ptr<conversation> begin(language in, const words& said, fresh own);

}  // namespace deadair::dialogue
