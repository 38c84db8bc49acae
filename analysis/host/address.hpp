#pragma once

#include <string>

#include "analysis/words/endpoint.hpp"

namespace deadair::host {

/// "198.51.100.7", "2001:db8::7".
std::string address_of(const endpoint& where);
/// "198.51.100.7:443", "[2001:db8::7]:443".
std::string to_string(const endpoint& where);

}  // namespace deadair::host
