#pragma once

#include <string>
#include <vector>

#include "analysis/store/store.hpp"
#include "prober/hold/settings.hpp"

namespace deadair::prober {

/// What a measurement came to.
struct learned {
    store::run_id run{};
    std::vector<estimate::finding> findings;
    std::string open;  ///< what was asked for and is not answered, for people
    hold::settings settings;
    std::uint32_t connection_last{};  ///< number of the latest in that run
    nanoseconds longest{};  ///< the age by which all is gone that goes, or that all survived
};

/// What the file says of it. @throws store::store_error
learned learn(const store::database& from, store::run_id which);
/// The same after its analysis.
learned analysed(store::database& from, store::run_id which);

}  // namespace deadair::prober
