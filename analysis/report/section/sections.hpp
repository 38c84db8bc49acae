#pragma once

#include <optional>

#include "analysis/report/document.hpp"
#include "analysis/report/section/material.hpp"

/// The report on one run, section by section.
///
/// To add a section:
///  1. What it is made from becomes a field of `material`, filled by `gather` from the store.
///  2. A source of its own in this folder defines `std::optional<section> NAME(const material&)`,
///     which returns nothing where the run has nothing to say of it. It fills the section with the
///     blocks of document.hpp (text, figures, a grid, a picture ...), as plain strings: HTML,
///     Markdown and plain text follow by themselves. A `picture` is drawn with `drawing` and
///     `axis`, once for each width of `picture_widths` and once in characters.
///  3. It is declared here, and takes its place among the `parts` of sections.cpp.
///  4. A test in tests/unit/analysis/report/section shows what it says.
namespace deadair::report {

std::optional<section> answer_section(const material& from);
std::optional<section> ages_section(const material& from);
std::optional<section> refreshes_section(const material& from);
std::optional<section> hops_section(const material& from);
std::optional<section> settings_section(const material& from);
std::optional<section> verified_section(const material& from);
std::optional<section> watch_section(const material& from);
std::optional<section> middleboxes_section(const material& from);
std::optional<section> deaths_section(const material& from);
std::optional<section> timeline_section(const material& from);
std::optional<section> uploads_section(const material& from);
std::optional<section> evidence_section(const material& from);
std::optional<section> path_section(const material& from);
std::optional<section> method_section(const material& from);
std::optional<section> numbers_section(const material& from);

/// All of them in their order: of what the run measured.
document run_report(const material& from);

/// In pixels: on a desk and on paper, and on a telephone.
struct picture_widths {
    static constexpr double wide = 920;
    static constexpr double narrow = 358;
};

}  // namespace deadair::report
