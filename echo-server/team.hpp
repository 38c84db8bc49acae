#pragma once

#include <cstddef>
#include <set>

#include "echo-server/allowance.hpp"
#include "echo-server/kept_reports.hpp"
#include "echo-server/wire/token.hpp"

namespace deadair::echo_server {

class peer;

/// All who hold one token, and what they have of the server.
struct team {
    wire::token token;
    std::size_t sessions{};
    std::size_t connections{};  ///< probe connections, and clients of another make
    kept_budget kept{};
    allowance left;            ///< what all of them together may still send
    std::set<peer*> guests{};  ///< clients of another make
};

}  // namespace deadair::echo_server
