#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "analysis/store/store.hpp"
#include "prober/command/command.hpp"
#include "tests/loopback/far_side.hpp"

namespace deadair::loopback {

inline constexpr nanoseconds idle_timeout = std::chrono::seconds{2};

/// What a user types, against a server behind a relay, and what the record then holds.
class prober_command : public testing::Test {
protected:
    prober_command() : prober_command{relay_rules{.idle_timeout = idle_timeout}} {}
    explicit prober_command(const relay_rules& rules) : there_{rules} {}

    exit_code run(const prober::command& what, std::vector<std::string> words)
    {
        const std::vector<std::string> usual{
            there_.host(), "--pin", there_.pin(), "--token-file", there_.token_file(),
            "--db",        file(),  "--progress", progress_};
        words.insert(words.begin(), usual.begin(), usual.end());
        return what.run({.given = prober::parse_words(words, what), .asked = "test"});
    }

    exit_code measure(std::vector<std::string> more = {})
    {
        std::vector<std::string> words{"--min-idle",    "500ms", "--max-idle",   "4s",
                                       "--connections", "16",    "--no-evidence"};
        words.insert(words.end(), more.begin(), more.end());
        return run(prober::measure_command, std::move(words));
    }

    std::string file() const { return (folder_ / "results.db").string(); }
    store::database results() const { return store::database::open_existing(file()); }
    /// Waits until the results hold what is looked for, while a command writes them; a minute at
    /// most: what the command makes of it then tells what was missing.
    void await(const std::function<bool(const store::database&)>& looked_for) const
    {
        const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{1};
        while (std::chrono::steady_clock::now() < until) {
            try {
                if (looked_for(results()))
                    return;
            } catch (const store::store_error&) {
                // There is no file yet, or it is being made.
            }
            // Between two looks at a file that another thread writes.
            std::this_thread::sleep_for(std::chrono::milliseconds{50});  // polled, not timed
        }
    }
    static std::size_t rows(const store::database& of, const char* table)
    {
        std::size_t count = 0;
        of.each_row(table, std::nullopt, [&](auto) { ++count; });
        return count;
    }

    temporary_folder folder_;
    far_side there_;
    std::string progress_{"none"};
};

}  // namespace deadair::loopback
