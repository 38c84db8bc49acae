#pragma once

#include <optional>
#include <span>
#include <string>

#include "analysis/store/store.hpp"

/// Findings, recommendations and runs, as text for people and as JSON with the tables' names.
namespace deadair::report {

/// Of lines that go to no terminal.
inline constexpr std::size_t wide = 100;

/// The answer in one sentence; says so if there is none.
/// @param open  what was asked for and is not answered (`analysis::open`)
std::string answer(std::span<const estimate::finding> found, const std::string& open = {});

/// The expiry that comes first without refresh: what settings must reckon with. Null if none.
const estimate::finding* shortest(std::span<const estimate::finding> found);

/// "; it dies silently: neither end is told", "; it is reset by itself"; empty where nothing died.
std::string how_it_dies(const estimate::finding& of);

/// What was found, without the answer in a sentence: findings that agree on one line, what keeps a
/// connection alive, and notes.
/// @param width  of lines, in characters
std::string findings_table(std::span<const estimate::finding> found, std::size_t width);
/// The answer, then the table.
std::string findings_text(std::span<const estimate::finding> found, const std::string& open = {},
                          std::size_t width = wide);
std::string recommendations_text(std::span<const recommend::recommendation> settings,
                                 std::size_t width = wide);
/// Those that most programs have, in a sentence: "TCP keepalive after 7 s, ...".
std::string settings_in_words(std::span<const recommend::recommendation> settings);
std::string runs_text(std::span<const store::run> runs);

/// An array with one object a row.
std::string findings_json(store::run_id run, std::span<const estimate::finding> found);
/// Without a run for settings that were planned and not measured.
std::string recommendations_json(std::optional<store::run_id> run,
                                 std::span<const recommend::recommendation> settings);
std::string runs_json(std::span<const store::run> runs);

}  // namespace deadair::report
