#pragma once

#include <optional>
#include <span>
#include <string>

#include "analysis/audit/audit.hpp"

namespace deadair::report {

/// One sentence a group, those at risk first.
std::string audit_text(std::span<const audit::judged> all, std::optional<nanoseconds> timeout);
/// `timeout_s`, `at_risk` and `connections`, one object each.
std::string audit_json(std::span<const audit::judged> all, std::optional<nanoseconds> timeout);

}  // namespace deadair::report
