#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

namespace deadair::report {

/// Where a command's text goes: the output, or a file that is there whole or not at all, since
/// another program may read it at any moment.
class sink {
public:
    /// Standard output.
    sink() = default;
    /// What is no regular file, a pipe for example, is written to as it is.
    /// @throws std::runtime_error
    explicit sink(std::filesystem::path file);
    ~sink();
    sink(const sink&) = delete;
    sink& operator=(const sink&) = delete;

    /// @throws std::runtime_error
    void put(const std::string& text);
    /// To be called at the end; without it a regular file stays as it was.
    /// @throws std::runtime_error
    void finish();

private:
    bool close();
    [[noreturn]] void fail() const;

    std::filesystem::path file_;        ///< empty: standard output
    std::filesystem::path unfinished_;  ///< renamed at the end; empty: written to as it is
    std::FILE* stream_{stdout};
};

}  // namespace deadair::report
