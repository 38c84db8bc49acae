#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/audit/connection.hpp"

/// Whether connections of this host outlive the middlebox's idle timeout. Pure.
namespace deadair::audit {

enum class verdict : std::uint8_t {
    kept,          ///< a keepalive comes in time, or nothing times out
    no_keepalive,  ///< nothing keeps it: at risk
    too_late,      ///< a keepalive comes, but after the timeout: at risk
    unknown,       ///< a keepalive comes, and we may not know when
    local,         ///< it does not leave this host
};
/// "kept", "no_keepalive", ...
std::string_view to_string(verdict value);

constexpr bool at_risk(verdict value)
{
    return value == verdict::no_keepalive || value == verdict::too_late;
}

/// The longest silence that the keepalive leaves. Linux sends the first after TCP_KEEPIDLE, but the
/// next not before TCP_KEEPINTVL has passed, answered or not (tcp_keepalive_timer in
/// net/ipv4/tcp_timer.c): the longer of the two counts. Seen in the lab: with 2 s and the default
/// of 75 s a binding of 6 s dies.
struct keepalive_age {
    nanoseconds at{};
    bool exact{};  ///< false: no earlier than that (the kernel shows others the timer alone)
};

struct judged {
    connection of;
    std::optional<keepalive_age> keepalive;  ///< none: no keepalive is seen
    verdict how{verdict::kept};
};

/// @param timeout  the longest silence that is survived; none: nothing times out
judged judge(const connection& of, std::optional<nanoseconds> timeout);

/// Connections of one process to one remote endpoint that share a verdict.
struct group {
    std::vector<judged> members;  ///< at least one
    std::string sentence;         ///< "14 connections of python3 (pid 812) to ... would be dropped"
};

/// Those at risk first, the largest group first.
std::vector<group> grouped(std::span<const judged> all, std::optional<nanoseconds> timeout);

}  // namespace deadair::audit
