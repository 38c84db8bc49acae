#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "prober/planner/memory.hpp"
#include "prober/planner/opener.hpp"
#include "prober/planner/part.hpp"
#include "prober/planner/sample.hpp"

namespace deadair::planner {

/// After how much silence is a connection forgotten? Opens connections, lets them be silent, and
/// probes each at an age that narrows the answer most. Strata are searched together until they
/// contradict each other.
class search final : public part {
public:
    /// @pre !refuse(wanted)
    explicit search(plan wanted, time begins = {});

    std::vector<action> act(time now, const known_so_far& of_all) override;
    std::optional<time> wake_at() const override;
    void on(const event& seen) override;
    bool needs_time() const override;
    std::optional<time> expected_end() const override;
    void tell(known_so_far& all) const override;
    void show(overview& whole) const override;

private:
    /// A stratum that lives so many times longer than another is said to outlive it.
    static constexpr int outlived_times = 3;

    void work(time now, std::vector<action>& todo);
    void search_in(group& of, time now, std::vector<action>& todo);
    void open_due(time now, std::vector<action>& todo);
    void salvo(time now, std::vector<action>& todo);
    void ask_again(time now, std::vector<action>& todo);
    void open_sample(time now, std::vector<action>& todo);
    void leave_the_crowd(time now, std::vector<action>& todo);
    void wake(time at) { wake_at_ = wake_at_ ? std::min(*wake_at_, at) : at; }

    void limit_the_rest();
    void regroup(time now);
    void leave_out_mute();
    void leave_out_unreachable();
    void leave_out(const std::function<bool(stratum_index)>& these);
    void reopen_outlived(time now);
    bool all_done() const;
    bool stalled() const;
    bool at_the_front(time now) const;
    nanoseconds survived_on(path_index path) const;
    phase now_in() const;
    std::vector<bracket> brackets() const;
    stratum stratum_of(stratum_index where) const;
    bracket bracket_of(stratum_index where, bool done) const;

    void on_event(const opened& seen);
    void on_event(const open_failed& seen);
    void on_event(const settled& seen);
    void on_event(const ended& seen);
    void on_event(const outage_began& seen);
    void on_event(const outage_ended& seen);

    memory memory_;
    opener opener_;
    std::vector<group> groups_;
    std::vector<stratum_index> left_out_;  // since nothing is to be found out of them
    std::optional<time> wake_at_{time{}};
    time now_{};
    std::optional<time> outage_since_;
    bool salvo_sent_{};
    std::optional<std::vector<appointment>> appointments_;  // nullopt until they are known
    sample sample_;
    bool asked_all_{};
    bool more_wanted_{};  // connections, to go on
    time begins_{};
    bool crowded_{};  // they die since they are so many: nothing more is asked of them
};

}  // namespace deadair::planner
