#pragma once

#include <array>
#include <functional>

#include "prober/observation/events.hpp"
#include "tests/simulation/carrier.hpp"

namespace deadair::simulation {

/// The control connection, as `prober/session/control` keeps it and TCP carries it: heartbeats, an
/// outage noticed when three are missing, a new connection after 6 s of silence, a session that
/// the server remembers for a while. Single lost packets do not show on it: others follow.
///
/// Heartbeats tell nothing while nothing ails the path: they are sent only near troubles, at the
/// moments at which they would be.
class control {
public:
    using letter = std::function<void(observation::event)>;

    control(timeline& when, const network& net, carrier& by, bool always_beats, letter tell)
        : when_{when}, net_{net}, by_{by}, always_beats_{always_beats}, tell_{std::move(tell)}
    {
    }

    void start();
    /// Carried to the other end, in order; comes to nothing when the connection is replaced before.
    void to_server(std::function<void()> what) { carry(side::inside, std::move(what)); }
    void to_prober(observation::event what);
    /// It ended: whoever held it is gone, or says that it is.
    void ended(const std::string& why) { drop(why); }
    /// The server's program; what it knew goes with it.
    void server_runs(bool does);
    nanoseconds clock_error() const { return net_.round_trip / 2; }

private:
    enum class stage : std::uint8_t { down, connecting, up };

    void carry(side from, std::function<void()> what);
    time arrival(time sent) const;
    void connect();
    void up(std::uint32_t connection);
    void tick();
    bool troubles_near() const;
    void tick_when_it_matters();
    void beat();
    bool passes_beat();
    void answered(time beat_left);
    void drop(const std::string& why);

    timeline& when_;
    const network& net_;
    carrier& by_;
    bool always_beats_;
    letter tell_;
    stage stage_{stage::down};
    std::uint32_t connection_{};  // each one has a number
    std::array<time, 2> last_arrival_{};
    bool been_up_{};
    bool silent_{};
    bool server_runs_{true};
    bool session_known_{};
    bool beats_{true};  // is at it
    time since_{};      // of the stage
    time heard_at_{};
    time worked_at_{};
    nanoseconds slept_{};  // as it was heard last
};

}  // namespace deadair::simulation
