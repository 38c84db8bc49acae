#include "analysis/host/counters.hpp"

#include <fstream>
#include <iterator>

namespace deadair::host {

std::string read_file(const std::string& path)
{
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// /proc/net is the process's own; a namespace may have been entered by one thread alone.
std::vector<path_quality::counter> tcp_counters()
{
    return path_quality::parse_tcp_counters(read_file("/proc/thread-self/net/snmp"),
                                            read_file("/proc/thread-self/net/netstat"));
}

unsigned tcp_retries()
{
    unsigned retries = 15;
    std::ifstream{"/proc/sys/net/ipv4/tcp_retries2"} >> retries;
    return retries;
}

}  // namespace deadair::host
