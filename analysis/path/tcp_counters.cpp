#include "analysis/path/tcp_counters.hpp"

#include <array>
#include <charconv>

namespace deadair::path_quality {

namespace {

struct known_counter {
    std::string_view group;  ///< the word that opens its two lines
    std::string_view kernel_name;
    std::string_view name;
};

// Linux counts a segment that is sent again in RetransSegs alone, as RFC 4022 asks.
constexpr std::array<known_counter, 10> known{{
    {"Tcp:", "OutSegs", "sent_segments"},
    {"Tcp:", "InSegs", "received_segments"},
    {"Tcp:", "RetransSegs", "retransmitted_segments"},
    {"Tcp:", "EstabResets", "reset_connections"},
    {"TcpExt:", "TCPTimeouts", "retransmission_timeouts"},
    {"TcpExt:", "TCPAbortOnTimeout", "timed_out_connections"},
    {"TcpExt:", "TCPOFOQueue", "out_of_order_segments"},
    {"TcpExt:", "TCPSackRecovery", "sack_recoveries"},
    // The receiver said that it had the segment already: it was sent again without need.
    {"TcpExt:", "TCPDSACKRecvSegs", "needless_segments"},
    {"TcpExt:", "TCPLostRetransmit", "lost_again_segments"},
}};

/// Takes what stands before the next `stop`, and the `stop`.
std::string_view take(std::string_view& text, char stop)
{
    const auto end = text.find(stop);
    const auto found = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return found;
}

void add_group(std::string_view names, std::string_view values, std::vector<counter>& into)
{
    const auto group = take(names, ' ');
    if (take(values, ' ') != group)
        return;
    while (!names.empty() && !values.empty()) {
        const auto name = take(names, ' ');
        const auto text = take(values, ' ');
        for (const auto& each : known) {
            double value = 0;
            if (each.group == group && each.kernel_name == name &&
                std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{})
                into.push_back({std::string{each.name}, value});
        }
    }
}

// Lines come in pairs: the names, then the values.
void add_all(std::string_view text, std::vector<counter>& into)
{
    while (!text.empty()) {
        const auto names = take(text, '\n');
        const auto values = take(text, '\n');
        add_group(names, values, into);
    }
}

}  // namespace

std::vector<counter> parse_tcp_counters(std::string_view snmp, std::string_view netstat)
{
    std::vector<counter> found;
    add_all(snmp, found);
    add_all(netstat, found);
    return found;
}

}  // namespace deadair::path_quality
