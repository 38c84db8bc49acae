#pragma once

#include "prober/observation/witness.hpp"
#include "prober/session/control.hpp"

namespace deadair::prober {

/// Our echo server as a witness: asked over the control connection, its answers on our clock.
class companion final : public observation::witness {
public:
    /// @param over  outlives it
    explicit companion(control& over) : control_{over} {}

    void speak(observation::probe_id probe, observation::connection_id connection) override;
    void query(observation::connection_id connection) override;
    void refresh(observation::connection_id connection, deadair::refresh by,
                 std::chrono::milliseconds every) override;

    observation::spoke answer(const wire::spoke& said) const;
    observation::received answer(const wire::received& said) const;
    observation::far_ended answer(const wire::ended& said) const;
    observation::far_state answer(const wire::state& said) const;

private:
    control& control_;
};

/// What an end proves: `voided` where it is our own doing, or nobody's.
outcome outcome_of(wire::end_cause cause);

}  // namespace deadair::prober
