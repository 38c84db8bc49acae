#pragma once

#include <string>

#include "prober/command/common_options.hpp"
#include "prober/dialogue/dialogue.hpp"
#include "prober/planner/plan.hpp"

namespace deadair::prober {

/// What is to be measured at a server of another make.
struct url_options {
    server_options server;
    record_options record;
    result_options how;
    dialogue::language speaks{};
    dialogue::words said;
    transport kind{};  ///< what a middlebox sees
    nanoseconds
        delayed_in{};    ///< the server is asked to speak after a multiple of this; 0: it is not
    planner::plan plan;  ///< without its paths, which need the resolved name
};

/// Whether the server is named by a URL.
bool names_url(const po::variables_map& given);
/// --mine, --login-file, --header-file, --cookie-file, --body-file, --delayed-url, --contact
void add_url_options(po::options_description& add);
/// @throws usage_error if one of them stands where no URL is
void refuse_url_options(const po::variables_map& given);
/// @throws usage_error
url_options read_url_options(const po::variables_map& given);
/// JSON: every option with its value, but what is said to the server.
std::string options_json(const url_options& used);

}  // namespace deadair::prober
