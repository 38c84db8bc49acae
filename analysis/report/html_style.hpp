#pragma once

#include <string>

namespace deadair::report {

/// The style of the pages: light and dark, screen, telephone and paper.
std::string html_style();

}  // namespace deadair::report
