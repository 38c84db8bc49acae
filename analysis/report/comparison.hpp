#pragma once

#include "analysis/estimate/comparison.hpp"
#include "analysis/path/comparison.hpp"
#include "analysis/report/document.hpp"
#include "analysis/store/store.hpp"

/// Two runs side by side: which findings differ by more than their intervals allow, and whether the
/// path does by more than chance.
namespace deadair::report {

struct compared_run {
    std::string file;
    store::run run;
    std::vector<estimate::finding> findings;
    path_quality::figures path{};
    store::hops_found hops{};
};

document comparison(const compared_run& before, const compared_run& after);
/// An object with both runs and one entry for each stratum.
std::string comparison_json(const compared_run& before, const compared_run& after);

}  // namespace deadair::report
