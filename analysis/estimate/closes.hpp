#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Servers that close what is idle. Pure.
namespace deadair::estimate {

/// Says of each stratum in which nothing expired that the server closed its connections, or spoke
/// on them, where it did: nobody sees what the path does with longer silences.
void remark_on_closes(std::vector<finding>& to, std::span<const observation> seen);

/// Which server closes so unless it is told otherwise: "as nginx does (keepalive_timeout)"; empty:
/// none that we know.
std::string_view known_to_close_after(nanoseconds silence);

}  // namespace deadair::estimate
