#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/store/held.hpp"

/// What a watch amounts to: the points of the seven-day plan, with pass or fail. Pure.
namespace deadair::report {

enum class mark : std::uint8_t { pass, fail, unknown };
/// "pass", "FAIL", "not known"
std::string_view to_string(mark value);

struct check_item {
    std::string name;
    std::string seen;
    mark result{mark::unknown};
};

/// Missed first messages, failed uploads, reconnects needed, whether the firewall forgot what it
/// should have kept, and whether the idle timeout stayed. Each must be nought.
std::vector<check_item> checklist(const store::watch_sums& of);

/// Fails with any item; passes when all that could be seen passed, and messages were among it.
mark result_of(std::span<const check_item> all);

/// A table for people.
std::string checklist_text(std::span<const check_item> all);

}  // namespace deadair::report
