#include <array>

#include "prober/command/command.hpp"

namespace deadair::prober {

std::span<const command> commands()
{
    static const std::array all{measure_command};
    return all;
}

}  // namespace deadair::prober
