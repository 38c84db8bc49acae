#pragma once

#include "prober/uploads/transfer.hpp"

namespace deadair::prober::uploads {

/// How a transfer that moves has ended by now; nullopt while it goes on.
std::optional<ending> ended(const transfer& one, const plan& of, nanoseconds now);
/// How one has ended whose connection is gone.
/// @param why  for people
ending gone(const transfer& one, wire::end_cause cause, const std::string& why, nanoseconds now);

}  // namespace deadair::prober::uploads
