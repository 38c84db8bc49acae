#pragma once

#include "prober/command/command.hpp"
#include "prober/command/url_options.hpp"

namespace deadair::prober {

/// `measure` at a server of another make, which is named by a URL.
/// @throws usage_error, store::store_error, std::runtime_error
exit_code measure_url(const arguments& from);

}  // namespace deadair::prober
