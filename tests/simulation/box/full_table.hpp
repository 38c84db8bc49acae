#pragma once

#include <cstddef>

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Has room for so many connections: the stalest gives way to a new one.
class full_table final : public idle_timer {
public:
    full_table(settings how, std::size_t room) : idle_timer{how}, room_{room} {}

protected:
    void make_room(time now) override
    {
        binding* stalest = nullptr;
        std::size_t living = 0;
        for (auto& [flow, each] : bindings()) {
            if (!lives(each, side::inside, now))
                continue;
            ++living;
            if (stalest == nullptr || each.last_packet < stalest->last_packet)
                stalest = &each;
        }
        if (living >= room_)
            stalest->forgotten = true;
    }

private:
    std::size_t room_;
};

}  // namespace deadair::simulation
