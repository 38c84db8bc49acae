#pragma once

#include "analysis/report/document.hpp"
#include "analysis/report/section/material.hpp"

/// The message to the team that runs the network, filled in from a run.
namespace deadair::report {

/// What no measurement knows.
struct escalation_words {
    std::string file;                      ///< the database, as it was named
    std::string contact;                   ///< who asks; may be empty
    std::vector<std::string> workarounds;  ///< in force now
    nanoseconds wanted{};                  ///< idle timeout to ask for
    bool bundled{};                        ///< the evidence lies beside the message
};

/// @param from  with at least one finding
document escalation(const material& from, const escalation_words& words);

/// A question that such a team is asked, with what the run says of it, or "not measured".
struct question {
    std::string asked;
    std::string answered;
};
std::vector<question> questions(const material& from);

}  // namespace deadair::report
