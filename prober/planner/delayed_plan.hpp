#pragma once

#include <vector>

#include "prober/planner/delayed_ages.hpp"
#include "prober/planner/doorway.hpp"
#include "prober/planner/part.hpp"

namespace deadair::planner {

/// After how much silence does an answer not arrive any more that the server was asked to hold back
/// for so long? The search asks when a silence is over; here its length has to be said before. Some
/// connections are silent at a time, each as long as tells most beside the others.
class delayed_plan final : public part {
public:
    struct settings {
        path on;
        std::uint32_t connections{};  ///< silent at a time
        nanoseconds pace{};           ///< from one opening to the next, at least
        nanoseconds verdict_after{};
        delayed_ages::limits ages;
    };

    explicit delayed_plan(const settings& wanted);

    std::vector<action> act(time now, const known_so_far& of_all) override;
    std::optional<time> wake_at() const override;
    void on(const event& seen) override;
    bool needs_time() const override { return !done_; }
    std::optional<time> expected_end() const override;
    void show(overview& whole) const override;

private:
    enum class standing : std::uint8_t { absent, opening, ready, asked, dead };
    struct slot {
        standing is{standing::absent};
        connection_id connection{};
        probe_id probe{};
        nanoseconds age{};    // that is wanted
        nanoseconds after{};  // that was asked for, so that it is
        time until{};         // asked: when it is due; dead: when it is closed
    };

    void step(slot& which, std::vector<action>& todo);
    void open(slot& which, std::vector<action>& todo);
    void ask(slot& which, std::vector<action>& todo);
    void leave_what_is_older(std::vector<action>& todo);
    void close(slot& which, std::vector<action>& todo);
    void finish(std::vector<action>& todo);
    void settle(slot& which, const settled& seen);
    std::optional<nanoseconds> next() const;
    slot* slot_of(connection_id id);
    slot* slot_of_probe(probe_id id);

    settings wanted_;
    delayed_ages ages_;
    std::vector<slot> slots_;
    doorway door_;
    connection_id last_connection_{};
    probe_id last_probe_{};
    time opens_next_{};
    time now_{};
    nanoseconds lag_{};  // by how much answers come later than asked for
    std::uint32_t voided_{};
    std::uint32_t voided_in_a_row_{};
    bool outage_{};
    bool done_{};
};

}  // namespace deadair::planner
