#include <fmt/format.h>

#include <algorithm>

#include "analysis/command/command.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

using files = std::vector<std::string>;

void options_of_merge(po::options_description& add)
{
    add.add_options()("db",
                      po::value<std::string>()->value_name("FILE")->default_value("results.db"),
                      "the file that takes the runs; made if it is not there")(
        "file", po::value<files>()->value_name("FILE"),
        "a file to copy from; several, with or without --file");
}

std::vector<std::filesystem::path> others(const po::variables_map& given)
{
    if (given.count("file") == 0)
        throw usage_error("merge needs the files to copy from: merge --db all.db vm1.db vm2.db");
    const std::filesystem::path into = given["db"].as<std::string>();
    std::vector<std::filesystem::path> all;
    for (const auto& name : given["file"].as<files>()) {
        if (!std::filesystem::is_regular_file(name))
            throw usage_error(fmt::format("there is no file {} to merge", name));
        std::error_code none_there;
        if (std::filesystem::equivalent(into, name, none_there))
            throw usage_error(fmt::format(
                "{} is the file that takes the runs; leave it out, or name another with "
                "--db",
                name));
        all.emplace_back(name);
    }
    return all;
}

exit_code run_merge(const po::variables_map& given)
{
    const auto from = others(given);
    const auto& into = given["db"].as<std::string>();
    const auto runs = store::database::open(into).merge(from);
    fmt::print("{} {} of {} {} are in {} now\n", runs, runs == 1 ? "run" : "runs", from.size(),
               from.size() == 1 ? "file" : "files", into);
    return exit_code::done;
}

}  // namespace

const command merge_command{
    "merge",   "copies the runs of several files into one",        options_of_merge,
    run_merge, "deadair-analysis merge --db all.db vm1.db vm2.db", "file"};

}  // namespace deadair::command
