#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/report/section/material.hpp"

/// Single events as a network's own logs can be searched for them: 5-tuples and times of day.
namespace deadair::report {

/// A message after a silence, on the wire.
struct wire_event {
    std::string from;         ///< "192.0.2.2:40012", of the client
    std::string seen_as;      ///< of the client as the server saw it, behind a NAT; else empty
    std::string to;           ///< of the server
    std::string last_packet;  ///< UTC: before it, silence
    std::string sent;         ///< UTC: the message that ended the silence
    std::string verdict;      ///< UTC: until then it was sent again, without an answer
    placed_probe what;
};

/// Every probe of the run, in order of time. Empty if the run's start is not known.
std::vector<wire_event> wire_events(const material& from);

/// A message that was lost: the one after the shortest silence that the finding does not explain
/// away.
std::optional<wire_event> telling_event(const material& from);

/// The same as a CSV file, for those who look through their logs.
std::string wire_events_csv(const material& from);

}  // namespace deadair::report
