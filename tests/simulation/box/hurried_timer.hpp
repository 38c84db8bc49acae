#pragma once

#include <cstddef>

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// A shorter timeout once more than so many connections are open (aggressive ageing).
class hurried_timer final : public idle_timer {
public:
    hurried_timer(settings how, std::size_t above, nanoseconds hurried)
        : idle_timer{how}, above_{above}, hurried_{hurried}
    {
    }

protected:
    time expires_at(const binding& of, side from) const override
    {
        return crowd_ > above_ ? of.last_packet + hurried_ : idle_timer::expires_at(of, from);
    }
    void make_room(time now) override
    {
        std::size_t living = 1;
        for (const auto& [flow, each] : bindings())
            living += lives(each, side::inside, now) ? 1U : 0U;
        crowd_ = living;
    }

private:
    std::size_t above_;
    nanoseconds hurried_;
    std::size_t crowd_{};
};

}  // namespace deadair::simulation
