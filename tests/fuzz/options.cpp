// The command lines of the prober's measurement and of the echo server, one word a line.
#include <sstream>

#include "analysis/words/usage_error.hpp"
#include "echo-server/options.hpp"
#include "prober/command/measure_options.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace deadair;

std::vector<std::string> words_of(const std::string& text)
{
    std::vector<std::string> words;
    std::istringstream in{text};
    // What is printed or read from a file is not what is tried here.
    for (std::string word; std::getline(in, word);)
        if (!word.starts_with("--help") && !word.starts_with("--version") &&
            !word.starts_with("--token-file") && word.find('\0') == std::string::npos)
            words.push_back(word);
    return words;
}

template <class Read>
void must_be_told(Read read)
{
    try {
        read();
    } catch (const usage_error& problem) {
        fuzz::must(*problem.what() != '\0');
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    ::setenv("DEADAIR_TOKEN", std::string(64, '7').c_str(), 1);
    const auto words = words_of(fuzz::text_of(data, size));
    must_be_told([&] {
        (void)prober::read_measure_options(prober::parse_words(words, prober::measure_command));
    });
    std::vector<const char*> argv{"deadair-echo-server"};
    for (const auto& each : words)
        argv.push_back(each.c_str());
    must_be_told(
        [&] { (void)echo_server::parse_options(static_cast<int>(argv.size()), argv.data()); });
    return 0;
}
