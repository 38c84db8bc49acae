#pragma once

#include <map>
#include <optional>
#include <vector>

#include "prober/planner/part.hpp"

namespace deadair::planner {

/// Is a connection cut at some age, whatever it does? Keeps a few connections busy with data both
/// ways from the run's start on, and speaks on them again and again. They are opened one after the
/// other, so that what ends all at one moment is not taken for an age.
class age_plan final : public part {
public:
    static constexpr std::uint32_t connections = 8;
    /// For how long they are watched.
    enum class lasting : std::uint8_t {
        with_others,  ///< as long as another part needs time
        by_itself,    ///< until none is left
    };

    age_plan(plan wanted, lasting how);

    std::vector<action> act(time now, const known_so_far& of_all) override;
    std::optional<time> wake_at() const override;
    void on(const event& seen) override;
    bool needs_time() const override;
    void tell(known_so_far& all) const override;
    void show(overview& whole) const override;
    /// Some were cut, and others will soon show whether it was their age.
    bool unsettled() const;
    /// How many were cut.
    std::uint32_t cut() const { return cut_; }

private:
    enum class standing : std::uint8_t { waiting, opening, opened, busy, probing, over };
    struct slot {
        path on;
        time due{};
        time opened{};
        standing is{standing::waiting};
        connection_id connection{};
        probe_id probe{};
        direction way{};  // of the last message
        std::uint32_t said{};
        std::uint32_t voided{};  // in a row
        std::uint32_t tries{};
    };

    void step(slot& which, std::vector<action>& todo);
    void settle(slot& which, outcome result, time at);
    void again(slot& which, time at);
    slot* slot_of(connection_id id);
    direction next_way(const slot& of) const;
    void count(const slot& of, outcome result);

    plan wanted_;
    lasting how_;
    std::vector<slot> slots_;
    std::vector<connection_id> to_close_;  // nobody can vouch for them any more
    connection_id last_connection_{};
    probe_id last_probe_{};
    std::map<direction, std::uint32_t> only_voided_;  // messages; none once one told something
    std::uint32_t cut_{};
    time first_cut_{};
    time now_{};
    bool outage_{};
    bool alone_{};  // nobody else needs time
};

}  // namespace deadair::planner
