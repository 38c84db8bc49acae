#pragma once

#include <span>
#include <string>

#include "analysis/store/store.hpp"

/// What the path does not let through, besides what silence ends.
namespace deadair::report {

/// "Besides: no more than 10 connections at a time ...": a sentence; empty where there is no limit.
std::string limits_in_words(std::span<const path_limits::limit> found);
/// An array with one object a row of the table `limits`.
std::string limits_json(store::run_id run, std::span<const path_limits::limit> found);

}  // namespace deadair::report
