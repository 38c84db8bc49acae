#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/capture/conversation.hpp"

namespace deadair::capture {

/// What a capture at another place shows of messages that found no answer at ours. Connections are
/// known again by the server and by sequence numbers, which a NAT leaves as they are. Pure.
class other_end {
public:
    /// How far a message came.
    enum class fate : std::uint8_t {
        unknown,     ///< the other capture does not show the connection
        between,     ///< it passed our place alone
        answered,    ///< it was answered there, and the answer did not pass ours
        unanswered,  ///< it passed both, and nobody answered beyond
    };

    /// Asks of each silence that ended without an answer. `of` outlives this.
    void ask(conversation& of);
    /// A packet of the other capture, in order.
    void on(const segment& seen);
    /// Writes down what became of each. @return how many messages had which fate
    std::map<fate, std::size_t> tell() const;

private:
    struct question {
        silence* of{};
        bool shown{};
        bool arrived{};
        bool answered{};
    };
    struct place {  // in a connection
        endpoint server;
        direction way{};
        std::uint32_t sequence{};

        friend auto operator<=>(const place&, const place&) = default;
    };
    using flow = std::pair<endpoint, endpoint>;

    void match(const segment& seen, const endpoint& server, direction way);
    void hear_answer(const segment& seen);

    std::vector<question> questions_;
    std::multimap<place, std::size_t> asked_;
    std::multimap<flow, std::size_t> flows_;  // of the other capture: who answers, and whom
};
std::string_view to_string(other_end::fate value);

}  // namespace deadair::capture
