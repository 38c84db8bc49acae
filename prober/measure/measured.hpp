#pragma once

#include <optional>
#include <span>

#include "analysis/store/store.hpp"
#include "prober/hold/settings.hpp"

namespace deadair::prober {

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
