#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "prober/observation/deadlines.hpp"

namespace deadair::observation {

/// Opens connections, each with a ticket of the server: which when, how many tickets are asked for,
/// and when one, or all, cannot be opened. What it keeps is bounded, whatever the server sends.
class opening {
public:
    /// What the server lets one connection in with; its bytes mean nothing here.
    using ticket = std::array<std::byte, 16>;

    struct limits {
        /// From connect to the answer to the join, and from asking for a ticket to having one.
        nanoseconds answer_max{std::chrono::seconds{10}};
        /// While the server is heard, in all, and none was ever opened: then it is hopeless.
        nanoseconds fruitless_max{std::chrono::seconds{20}};
        std::size_t under_way_max{256};
        /// In one answer, and that the server keeps for us unused.
        std::size_t tickets_max{256};
        /// An unused one is not kept for longer: the server forgets it as well.
        nanoseconds ticket_age_max{std::chrono::seconds{60}};
    };

    struct ask_for_tickets {
        std::uint16_t count{};
    };
    struct connect {
        std::uint32_t number{};
        ticket admission{};
    };
    /// It takes too long. `failed` follows if it was begun.
    struct give_up {
        std::uint32_t number{};
        std::string why;
    };
    /// Nothing more can be opened at this server: the last action.
    struct end {
        std::string why;
    };
    using action = std::variant<ask_for_tickets, connect, give_up, end>;
    /// What was asked over the control connection before this one is not answered any more.
    struct control_up {
        bool resumed{};  ///< false: the server knows nothing of us, nor of its tickets
    };
    struct control_down {};  ///< silent or gone; nothing can be asked until it is up or heard
    struct control_heard {};
    struct tickets {
        std::span<const ticket> values;
    };
    struct joined {
        std::uint32_t number{};
    };
    struct failed {  ///< it ended before it joined
        std::uint32_t number{};
        bool ticket_sent{};  ///< false: the ticket is as good as new
        std::string why;
    };

    opening() : opening{limits{}} {}
    explicit opening(limits what) : limits_{what} {}

    void want(std::uint32_t number) { waiting_.push_back(number); }
    void forget(std::uint32_t number);
    void on(const control_up& seen);
    void on(const control_down& seen);
    void on(const control_heard& seen);
    void on(const tickets& seen, nanoseconds now);
    void on(const joined& seen);
    void on(const failed& seen);

    std::vector<action> act(nanoseconds now);
    std::optional<nanoseconds> wake_at() const { return due_.next(); }
    std::size_t waiting() const { return waiting_.size(); }
    std::size_t under_way() const { return under_way_.size(); }

private:
    enum class slot : std::uint8_t { answer, ticket, ask_again, fruitless, count };
    struct unused {
        ticket value{};
        nanoseconds since{};
    };
    struct begun {
        unused with;
        std::optional<nanoseconds> due;  // none: given up
    };

    void give_up_what_is_late(nanoseconds now, std::vector<action>& todo);
    void begin_waiting(nanoseconds now, std::vector<action>& todo);
    void ask(nanoseconds now, std::vector<action>& todo);
    bool hopeless(nanoseconds now, std::vector<action>& todo);
    void arm(nanoseconds now);
    void pause_counting();

    limits limits_;
    deadlines<slot> due_;
    std::deque<std::uint32_t> waiting_;
    std::map<std::uint32_t, begun> under_way_;
    std::deque<unused> tickets_;        // the oldest first: the server forgets it first
    std::optional<std::size_t> asked_;  // and not answered
    std::string fault_;                 // why nothing more can be opened; empty while something can
    std::string last_failure_{"none was given up yet"};
    nanoseconds fruitless_{};                   // heard for so long, and nothing was ever opened
    std::optional<nanoseconds> counted_until_;  // none: not counted now
    bool up_{}, ever_joined_{}, over_{};
};

}  // namespace deadair::observation
