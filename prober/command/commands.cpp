#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "analysis/host/terminal.hpp"
#include "analysis/words/command_line.hpp"
#include "prober/command/command.hpp"

namespace deadair::prober {

std::span<const command> commands()
{
    static const std::array all{measure_command,  verify_command, watch_command,  uploads_command,
                                evidence_command, hops_command,   observe_command};
    return all;
}

po::options_description options_of(const command& of)
{
    po::options_description known{"Options",
                                  static_cast<unsigned>(host::line_width(STDOUT_FILENO, 96))};
    of.options(known);
    known.add_options()("help", "this text")("version", "the version");
    return known;
}

po::variables_map parse_words(const std::vector<std::string>& words, const command& of)
{
    po::options_description all;
    all.add(options_of(of)).add_options()("words", po::value<std::vector<std::string>>());
    po::positional_options_description positions;
    positions.add("words", -1);
    return read_command_line(words, all, positions,
                             fmt::format("deadair-prober {} --help", of.name));
}

}  // namespace deadair::prober
