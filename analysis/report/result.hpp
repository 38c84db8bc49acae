#pragma once

#include <string>

#include "analysis/store/store.hpp"

namespace deadair::report {

/// What one document says of a run, beside its rows.
struct result {
    std::vector<estimate::finding> findings;
    std::vector<recommend::recommendation> settings;
    std::vector<path_limits::limit> limits;
    std::string open;  ///< what was asked for and is not answered; empty: all is
};

/// The result of a run as one JSON document, described by docs/result.schema.json. Names are those
/// of the tables. @throws store::store_error
std::string result_json(const store::database& from, const store::run& which, const result& of);

}  // namespace deadair::report
