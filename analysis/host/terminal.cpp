#include "analysis/host/terminal.hpp"

#include <sys/ioctl.h>

#include <algorithm>

namespace deadair::host {

namespace {

// Narrower than this no line says anything.
constexpr std::size_t width_min = 32;

}  // namespace

std::size_t line_width(int descriptor, std::size_t otherwise)
{
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return otherwise;
    return std::max<std::size_t>(size.ws_col, width_min);
}

}  // namespace deadair::host
