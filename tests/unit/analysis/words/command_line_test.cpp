#include "analysis/words/command_line.hpp"

#include <gtest/gtest.h>

#include "analysis/words/usage_error.hpp"

namespace deadair {
namespace {

namespace po = boost::program_options;

po::variables_map read(const std::vector<std::string>& words)
{
    po::options_description known;
    known.add_options()("label", po::value<std::string>())("count", po::value<int>())(
        "words", po::value<std::vector<std::string>>());
    po::positional_options_description positions;
    positions.add("words", -1);
    return read_command_line(words, known, positions, "deadair --help");
}

std::string complaint_about(const std::string& word)
{
    try {
        (void)read({word});
    } catch (const usage_error& problem) {
        return problem.what();
    }
    return "none";
}

TEST(command_line, reads_options_and_words)
{
    const auto given = read({"host", "--label", "a b", "--count=3"});
    EXPECT_EQ(given["label"].as<std::string>(), "a b");
    EXPECT_EQ(given["count"].as<int>(), 3);
    EXPECT_EQ(given["words"].as<std::vector<std::string>>(), std::vector<std::string>{"host"});
}

TEST(command_line, says_what_is_wrong_and_where_to_look)
{
    for (const auto* const word : {"--lable=x", "--count=many", "--lab=x"}) {
        const auto said = complaint_about(word);
        EXPECT_NE(said.find("; see deadair --help"), std::string::npos) << said;
    }
}

// Found by fuzzing: Boost never ended over these.
TEST(command_line, ends_over_words_that_boost_would_replace_for_ever)
{
    for (const auto* const word : {"-%canonical_option%", "--%original_token%", "--count=%value%",
                                   "-4%prefix%x", "--%option%"}) {
        const auto said = complaint_about(word);
        EXPECT_NE(said.find(word), std::string::npos) << said;
    }
}

}  // namespace
}  // namespace deadair
