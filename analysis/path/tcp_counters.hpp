#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What the host's TCP counters tell of the path. Pure.
namespace deadair::path_quality {

/// A counter since the host (or its network namespace) came up.
struct counter {
    std::string name;  ///< of the table path_samples: "retransmitted_segments"
    double value{};
};

/// Reads the counters that matter from the texts of /proc/net/snmp and /proc/net/netstat
/// (proc_net(5), RFC 4022). What a kernel does not count is left out.
std::vector<counter> parse_tcp_counters(std::string_view snmp, std::string_view netstat);

}  // namespace deadair::path_quality
