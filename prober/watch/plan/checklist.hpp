#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/duration.hpp"
#include "prober/watch/plan/incident.hpp"

namespace deadair::watch_plan {

/// What a watch has seen, all its runs together.
struct totals {
    nanoseconds watched{};     ///< since its first start
    std::uint64_t messages{};  ///< on held connections, delivered or not; without void ones
    std::uint64_t missed{};
    std::uint64_t reconnects{};              ///< held connections that had died and were replaced
    std::optional<std::uint64_t> uploads{};  ///< nullopt: none was tried
    std::uint64_t uploads_failed{};
    std::uint64_t measurements{};
    std::map<incident_kind, std::uint64_t> incidents{};
};

enum class mark : std::uint8_t { pass, fail, unknown };
std::string_view to_string(mark value);

struct item {
    std::string name;
    std::string seen;
    mark result{mark::unknown};
};

/// The points of the plan: missed first messages, failed uploads, reconnects needed, whether the
/// firewall forgot what it should have kept, and whether the idle timeout stayed. Each must be
/// nought.
std::vector<item> checklist(const totals& of);

/// Fails with any item; passes when all that could be seen passed, and messages were among it.
mark result_of(const std::vector<item>& all);

}  // namespace deadair::watch_plan
