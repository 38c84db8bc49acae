#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// What a run was to find out, held against what it found. Pure.
namespace deadair::estimate {

struct asked {
    std::vector<stratum> strata;     ///< silent ones; empty: not known
    std::vector<means> refreshes{};  ///< to try on each of them; empty: not known
    /// On which no connection could be opened, and why the last one could not.
    std::map<path, std::string> unreachable{};
    std::optional<nanoseconds> idle_max;  ///< the longest silence to try; none: not known
    bool ended_in_order{true};
};

/// Adds an inconclusive finding for each stratum that was asked for and has none, so that nobody
/// takes what was not measured for what is well; and for each refresh that was not tried where
/// silent connections expire, with the reason. The order by stratum stays.
void add_unmeasured(std::vector<finding>& found, const asked& wanted);

/// Nothing was delivered and nothing died, for no reason that is known: whatever the run says, it
/// does not say it of this.
bool is_unmeasured(const finding& one);

/// Somewhere only the client was tried as the one who speaks first. A firewall may have forgotten
/// the connection all the same: it may take the client's packet for a new one (RFC 5382 lets it;
/// Linux does, nf_conntrack_tcp_loose), while what the server says first is lost.
bool only_the_client_spoke(std::span<const finding> found);

/// The silence that every stratum with an answer survived, if nothing has expired and the run ended
/// before it had tried what was asked: more of it must be measured before a setting follows.
std::optional<nanoseconds> survived_so_far(std::span<const finding> found, const asked& wanted);

/// What the run leaves open, in a sentence for people; empty if nothing: "tls to_client was not
/// measured"; "nothing has expired yet, after 5 s of silence: run on until 2 h".
std::string still_open(std::span<const finding> found, const asked& wanted);

}  // namespace deadair::estimate
