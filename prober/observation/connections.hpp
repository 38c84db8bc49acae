#pragma once

#include <map>
#include <optional>

#include "prober/observation/near_end.hpp"
#include "prober/observation/remembered.hpp"
#include "prober/observation/schedule.hpp"
#include "prober/observation/silence.hpp"

namespace deadair::observation {

/// A connection under test, as observation knows it.
struct watched {
    enum class stage : std::uint8_t {
        wanted,  ///< it waits for its turn
        begun,   ///< connecting, or waiting to be let in
        joined   ///< open
    };
    path on;
    stage is{stage::wanted};
    time opened_at{};  ///< when it was begun
    silence quiet;
    bool ended{};  ///< at one of its ends; what the other end sees follows from it

    bool joined() const { return is == stage::joined; }
};

/// All connections of a stay that are open or about to be. Every look-up may fail.
class connections {
public:
    explicit connections(near_end& here) : here_{here} {}

    void add(connection_id number, const path& on) { all_[number].on = on; }
    void begun(connection_id number, time at);
    void joined(connection_id number, time at);
    void remove(connection_id number);
    /// An exchange on it is over: its silence begins, and settles a little later.
    void rest(connection_id number, time at, nanoseconds error, time now);
    /// The path was dark for a while.
    void interrupt();
    void act(time now);
    std::optional<time> wake_at() const { return settling_.next(); }

    watched* find(connection_id number);
    const watched* find(connection_id number) const;
    watched* find_joined(connection_id number);
    bool was_here(connection_id number) const { return removed_.has(number); }
    const std::map<connection_id, watched>& all() const { return all_; }
    std::uint32_t joined_count() const;
    std::optional<socket_facts> facts(connection_id number) const { return here_.facts(number); }

private:
    near_end& here_;
    std::map<connection_id, watched> all_;
    schedule<connection_id> settling_;
    remembered removed_;
};

}  // namespace deadair::observation
