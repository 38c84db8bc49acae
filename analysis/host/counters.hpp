#pragma once

#include <string>
#include <vector>

#include "analysis/path/tcp_counters.hpp"

namespace deadair::host {

/// A whole file of /proc or /sys. @return empty if it cannot be read.
std::string read_file(const std::string& path);

/// This network namespace's TCP counters; empty if the kernel does not show them.
std::vector<path_quality::counter> tcp_counters();

/// How often the kernel sends unacknowledged data again before it gives up (net.ipv4.tcp_retries2);
/// Linux's default, should /proc not be there.
unsigned tcp_retries();

}  // namespace deadair::host
