#pragma once

#include <span>
#include <string>

#include "analysis/capture/conversation.hpp"
#include "analysis/store/store.hpp"

namespace deadair::command {

/// Keeps with a run, as evidence, what a capture that was taken meanwhile shows of its connections:
/// the last packet that passed, and the first that did not. @return a sentence on that
/// @throws usage_error where it shows none of them
std::string attach(store::database& to, const store::run& which,
                   std::span<const capture::conversation* const> seen);

}  // namespace deadair::command
