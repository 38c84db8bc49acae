#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "prober/observation/connections.hpp"
#include "prober/observation/probes.hpp"

namespace deadair::observation {

/// Whether the path works, as the control connection shows it, and whether the middlebox still
/// knows the others after an outage that only a new control connection ended: it may have been
/// restarted or flushed, and would then look as if it forgot early.
class outage {
public:
    /// A control connection that never lives for long is no path to measure on: so many in a row.
    static constexpr std::uint32_t short_lived_max = 8;

    bool lasting() const { return lasting_; }
    void control_up(time at) { up_at_ = at; }
    /// @param worked_at  when the path was last known to work
    void began(time worked_at, time at);
    void over();
    /// Why it makes no sense to go on; empty while it does.
    std::string hopeless(const std::string& latest) const;

    /// A silence was survived.
    void delivered(const flight& probe);
    /// The connection that tells: its silence is shorter than one that was survived before, so it
    /// must still be known if any is; the youngest of them, since its age cannot have ended it
    /// alone. When it is not, nobody can vouch for the others either. nullopt when even the
    /// shortest silence is longer than any that was survived, and none is busy; and once it was
    /// asked several times, each time into the next outage.
    std::optional<connection_id> telling(const connections& all, const probes& of, time now) const;
    /// It is asked with this probe.
    void asked(probe_id with);
    /// @return whether it was that probe
    bool take_answer(probe_id with);

private:
    bool lasting_{};
    std::optional<time> up_at_;
    std::uint32_t short_lived_{};  // control connections in a row
    time worked_until_{};          // the path, before the latest outage
    nanoseconds longest_delivered_{};
    std::optional<probe_id> doubt_;
    std::uint32_t asks_{};  // in this outage
};

}  // namespace deadair::observation
