#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "echo-server/wire/bytes.hpp"
#include "echo-server/wire/websocket.hpp"

/// What is said to a server of another make in its own language, so that it gives an answer which
/// only the far end of the connection can give. Pure: bytes in, bytes out.
namespace deadair::dialogue {

enum class language : std::uint8_t { http, websocket, redis, mqtt, tls, tcp };

/// What something that the server sent is to us.
enum class meaning : std::uint8_t {
    more,      ///< not whole yet
    ready,     ///< it let us in
    answered,  ///< the answer to the question
    unasked,   ///< it said something by itself
    leaving,   ///< it says that it closes the connection; `why` is how
    refused,   ///< it will not have us; `why` is a sentence for people
};

struct heard {
    meaning is{meaning::more};
    std::size_t consumed{};
    bool last{};           ///< it closes the connection after this
    wire::buffer reply{};  ///< that its protocol demands
    std::string why{};
};

/// One connection's conversation. Nothing is said but the greeting, questions and replies.
class conversation {
public:
    virtual ~conversation() = default;
    /// What the client says first; empty: it is in as soon as the connection is open.
    virtual wire::buffer greet() = 0;
    /// The smallest question that the protocol has.
    virtual wire::buffer ask() = 0;
    /// Takes the first thing from the front of what the server sent.
    virtual heard take(wire::bytes input) = 0;
};

/// What the user has to say to the server.
struct words {
    std::string host;                  ///< with its port unless it is the usual one: HTTP's Host
    std::string target;                ///< path and query
    std::string agent;                 ///< who we are: HTTP's User-Agent
    std::vector<std::string> headers;  ///< more of them, "Name: value"
    std::string user;                  ///< empty: none
    std::string password;
};

/// What two connections do not share. A server cannot foresee them.
struct fresh {
    std::string key;  ///< 16 bytes in base64
    wire::mask mask{};
};

/// @param said  outlives it
std::unique_ptr<conversation> begin(language in, const words& said, fresh own);

}  // namespace deadair::dialogue
