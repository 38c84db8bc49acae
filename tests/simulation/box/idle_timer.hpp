#pragma once

#include <cstdint>
#include <map>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// Forgets a connection after so much silence: the plain firewall, and what others derive from.
class idle_timer : public middlebox {
public:
    struct settings {
        nanoseconds idle_timeout{std::chrono::seconds{300}};
        at_expiry then{at_expiry::drops};
        bool loose{};  ///< a packet from inside makes a forgotten connection anew
        std::optional<nanoseconds> to_client_timeout{};  ///< from outside, where it differs
    };

    explicit idle_timer(settings how) : how_{how} {}

    fate meet(const packet& seen, time now, random_source& random) override;
    std::optional<time> wake_at() const override;
    std::vector<cut> act(time now) override;

protected:
    struct binding {
        time opened{};
        time last_packet{};       ///< that renewed it
        nanoseconds phase{};      ///< of what is drawn for a connection or a silence
        bool forgotten{};         ///< whatever its age
        std::uint32_t packets{};  ///< that passed, of data
        time by_inside{};         ///< last data of that side
        time by_outside{};
    };

    /// If nothing renews it before, for packets of that side.
    virtual time expires_at(const binding& of, side from) const;
    virtual bool renews(const packet& seen) const;
    /// A silence begins.
    virtual void begins(binding& /*of*/, random_source& /*random*/) {}
    /// Before another one is opened.
    virtual void make_room(time /*now*/) {}

    bool lives(const binding& of, side from, time now) const
    {
        return !of.forgotten && now < expires_at(of, from);
    }
    std::map<flow_id, binding>& bindings() { return bindings_; }
    const settings& how() const { return how_; }

private:
    void open(const packet& seen, time now, random_source& random);

    settings how_;
    std::map<flow_id, binding> bindings_;
    std::multimap<time, flow_id> to_close_;  // when to look; it may have been renewed by then
};

}  // namespace deadair::simulation
