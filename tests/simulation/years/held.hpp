#pragma once

#include <map>

#include "prober/hold/holder.hpp"
#include "prober/planner/part.hpp"

namespace deadair::simulation {

/// Held connections as a part of a plan: what `prober/verify` does with sockets. Messages are its
/// probes, by the same numbers.
class held final : public planner::part {
public:
    /// @param with  the settings by which the connections are kept alive
    held(hold::plan what, hold::settings with) : holder_{std::move(what)}, with_{with} {}

    std::vector<planner::action> act(planner::time now,
                                     const planner::known_so_far& /*of_all*/) override;
    std::optional<planner::time> wake_at() const override { return holder_.wake_at(); }
    void on(const planner::event& seen) override;
    bool needs_time() const override { return !holder_.finished(); }

private:
    void add(const hold::open_connection& todo, std::vector<planner::action>& to);
    void add(const hold::message& todo, std::vector<planner::action>& to);
    void add(const hold::close_connection& todo, std::vector<planner::action>& to);
    void hear(const planner::opened& seen);
    void hear(const planner::open_failed& seen);
    void hear(const planner::settled& seen);
    void hear(const planner::ended& seen) { holder_.ended(seen.connection, seen.at); }
    void hear(const planner::outage_began& /*seen*/) { holder_.outage(true); }
    void hear(const planner::outage_ended& /*seen*/) { holder_.outage(false); }

    hold::holder holder_;
    hold::settings with_;
    std::vector<std::uint32_t> to_refresh_;             // opened, and not kept alive yet
    std::map<std::uint32_t, hold::message> under_way_;  // by number
};

}  // namespace deadair::simulation
