#pragma once

#include <optional>
#include <vector>

#include "prober/command/common_options.hpp"
#include "prober/hold/settings.hpp"

/// What the commands that hold connections share.
namespace deadair::prober {

struct hold_options {
    hold::settings with;                      ///< given; else the database's recommendations
    std::optional<nanoseconds> idle_timeout;  ///< assumed; else what the database found
    std::uint64_t seed{};                     ///< of the silences
};

/// --tcp-keepalive, --ws-ping, --idle-reconnect, --assume-timeout, --seed
void add_hold_options(po::options_description& add);
/// @throws usage_error
hold_options read_hold_options(const po::variables_map& given);

/// What a measurement in the database says of this.
struct measured {
    store::run_id run{};
    hold::settings settings;
    nanoseconds shortest{};  ///< the earliest age at which something may be gone
    nanoseconds longest{};   ///< the age by which all is gone that goes
};
/// From a run's findings and recommendations; nullopt when nothing expired in it.
std::optional<measured> read_measured(const store::database& from, store::run_id which);
/// The settings that these recommendations amount to at a client.
hold::settings settings_of(std::span<const recommend::recommendation> recommended);

}  // namespace deadair::prober
