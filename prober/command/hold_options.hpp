#pragma once

#include <optional>

#include "prober/command/common_options.hpp"
#include "prober/hold/settings.hpp"
#include "prober/measure/measured.hpp"

/// What the commands that hold connections share.
namespace deadair::prober {

struct hold_options {
    hold::settings with;                      ///< given; else the database's recommendations
    std::optional<nanoseconds> idle_timeout;  ///< assumed; else what the database found
    std::uint64_t seed{};                     ///< of the silences
};

/// --tcp-keepalive, its interval and count, --ws-ping, --idle-reconnect, --assume-timeout, --seed
void add_hold_options(po::options_description& add);
/// @throws usage_error
hold_options read_hold_options(const po::variables_map& given);

}  // namespace deadair::prober
