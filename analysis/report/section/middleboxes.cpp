#include "analysis/recommend/middleboxes.hpp"

#include "analysis/report/section/sections.hpp"
#include "analysis/report/today.hpp"

namespace deadair::report {

std::optional<section> middleboxes_section(const material& from)
{
    auto sentences = recommend::middlebox_sentences(from.findings, report::this_month());
    if (sentences.empty())
        return std::nullopt;
    section all{.id = "middleboxes", .title = "What behaves like this", .blocks = {}};
    all.blocks.emplace_back(
        paragraph{"Candidates by what their vendors document, never a claim: many products share a "
                  "value, and most can be configured."});
    all.blocks.emplace_back(bullets{std::move(sentences)});
    return all;
}

}  // namespace deadair::report
