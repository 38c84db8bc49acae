#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deadair {

/// The names most like what was typed, the likeliest first: names that hold it, then names
/// a few letters away. Capital letters do not count. Empty when nothing is like it.
std::vector<std::string_view> nearest(std::string_view typed,
                                      std::span<const std::string_view> names,
                                      std::size_t most = 3);

/// The end of an error message: " (did you mean nginx or node-ws?)", or "" when nothing is near.
std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names);

}  // namespace deadair
