#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "analysis/store/store.hpp"
#include "prober/command/command.hpp"
#include "prober/server/resolve.hpp"
#include "prober/server/server_options.hpp"
#include "prober/show/progress.hpp"

/// What all commands that speak to a server and keep a record share.
namespace deadair::prober {

/// --token-file, --pin, --ca-file, --allow-interception, --port, -4, -6
void add_server_options(po::options_description& add);
/// With HOST[:PORT] and the token. @throws usage_error
server_options read_server_options(const po::variables_map& given);

/// -4 and -6
void read_families(const po::variables_map& given, server_options& wanted);
/// --proxy and DEADAIR_PROXY. @throws usage_error
void read_proxy(const po::variables_map& given, server_options& wanted);

/// The same trust and token, and another HOST[:PORT]. @throws usage_error
server_options another_server(const std::string& text, server_options like);
/// Where the results go, and what is shown meanwhile.
struct record_options {
    std::filesystem::path database{"results.db"};
    std::string label;
    progress_mode show{progress_mode::automatic};
};

/// --json and --verbose: how the result is told.
struct result_options {
    std::optional<std::string> json;  ///< a file, or "-"
    bool verbose{};
};
void add_result_options(po::options_description& add);
/// @throws usage_error where the file could not be written when the run ends
result_options read_result_options(const po::variables_map& given);

/// A failure to reach or to convince the server, for people: names the proxy where it is the proxy
/// that failed, and says what else a failure may mean.
std::string explain_failure(const server_options& server, const std::string& failure);

/// --no-evidence
void add_evidence_option(po::options_description& add);
bool wants_evidence(const po::variables_map& given);

/// --db, --label, --progress
void add_record_options(po::options_description& add);
/// @throws usage_error
record_options read_record_options(const po::variables_map& given);

/// The run's row as far as the command line tells it.
/// @param used  JSON: every option with its value
store::run describe_run(const record_options& record, const std::string& asked,
                        const std::string& used);
/// The same, of a run against that server.
store::run describe_run(const server_options& server, const record_options& record,
                        const std::string& asked, const std::string& used);

/// Raises the limit of open files as far as it goes.
/// @throws usage_error if so many connections do not fit.
void raise_file_limit(std::uint32_t connections);

}  // namespace deadair::prober
