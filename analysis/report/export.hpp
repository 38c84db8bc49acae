#pragma once

#include <span>
#include <string>

#include "analysis/store/store.hpp"

/// Results for other programs.
namespace deadair::report {

/// One line of comma-separated values (RFC 4180, but with a plain line end). NULL is empty.
std::string csv_line(std::span<const store::cell> cells);
std::string csv_line(std::span<const std::string> names);

/// One JSON object, one line, with the table's names.
std::string json_line(std::span<const std::string> names, std::span<const store::cell> cells);

}  // namespace deadair::report
