#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "echo-server/allowance.hpp"

namespace deadair::echo_server {

/// What peers can make the server hold and do, as its operator chose it.
struct server_limits {
    std::size_t sessions{2000};
    std::size_t connections{20000};
    std::size_t connections_per_session{4096};
    std::optional<std::size_t> sessions_per_token;     ///< else an equal share
    std::optional<std::size_t> connections_per_token;  ///< the same
    std::size_t unauthenticated_per_address{64};
    std::size_t unauthenticated{2048};
    rate_limits rates{.messages_per_second = 10'000, .bytes_per_second = 128e6};  ///< of a session
};

/// What those who hold one token may have of `all`: as was chosen, else as much as the others.
constexpr std::size_t share(const std::optional<std::size_t>& chosen, std::size_t all,
                            std::size_t tokens)
{
    return std::min(
        all, chosen.value_or(std::max<std::size_t>(1, all / std::max<std::size_t>(1, tokens))));
}

/// What all sessions of one token together may send: of five sessions' worth as much as the others,
/// and never less than one session may.
constexpr rate_limits team_rates(const rate_limits& of_session, std::size_t tokens)
{
    constexpr double sessions_in_all = 5;
    const double worth = std::max(1.0, sessions_in_all / static_cast<double>(tokens));
    return {.messages_per_second = worth * of_session.messages_per_second,
            .bytes_per_second = worth * of_session.bytes_per_second};
}

}  // namespace deadair::echo_server
