#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "analysis/words/exit_code.hpp"
#include "prober/record/record.hpp"
#include "prober/server/server_options.hpp"
#include "prober/show/progress.hpp"
#include "prober/task.hpp"

namespace deadair::prober {

/// Starts what a command does and runs it to its end. Ctrl-C or SIGTERM ends it in order; a second
/// one at once, if it waits for a disk.
/// @param told  hears of the signal before it is interrupted
void run_until_over(boost::asio::io_context& io, task& one,
                    const std::function<void(int signal)>& told = {});

/// The way to disk of a command that shows how it goes, and says there when the disk is away.
/// @param show  outlives it
std::unique_ptr<record> make_record(boost::asio::io_context& io, const store::database& into,
                                    progress& show);

/// What a command that came to nothing says and returns; nullopt when it has a result.
/// @throws usage_error if it was asked for what cannot work
std::optional<exit_code> ended_early(const task::summary& how, const server_options& wanted);

}  // namespace deadair::prober
