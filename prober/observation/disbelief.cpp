#include "prober/observation/disbelief.hpp"

#include <fmt/format.h>

namespace deadair::observation {

std::optional<std::string> disbelief::add(const std::string& what)
{
    if (++count_ < say_at_)
        return std::nullopt;
    say_at_ *= 10;
    return count_ == 1 ? what : fmt::format("{}; that is report {} that cannot be", what, count_);
}

bool disbelief::take_too_much()
{
    if (count_ < tolerated_until_)
        return false;
    tolerated_until_ = count_ + tolerated;
    return true;
}

}  // namespace deadair::observation
