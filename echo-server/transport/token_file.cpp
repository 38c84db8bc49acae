#include "echo-server/transport/token_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace deadair::net {

namespace {

// A token file of the largest size is far below this.
constexpr std::size_t file_max = 64 * 1024;

[[noreturn]] void fail(const std::filesystem::path& file, const char* what)
{
    throw std::system_error(errno, std::generic_category(),
                            fmt::format("{} {}", what, file.string()));
}

void write_all(int descriptor, const std::string& text, const std::filesystem::path& file)
{
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count = ::write(descriptor, text.data() + done, text.size() - done);
        if (count < 0)
            fail(file, "cannot write");
        done += static_cast<std::size_t>(count);
    }
    if (::fsync(descriptor) != 0)
        fail(file, "cannot write");
}

}  // namespace

std::vector<wire::token> read_token_file(const std::filesystem::path& file)
{
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0)
        throw std::runtime_error(fmt::format("the token file {} cannot be read: {}", file.string(),
                                             std::generic_category().message(errno)));
    if ((info.st_mode & 077) != 0)
        throw std::runtime_error(
            fmt::format("the token file {} can be read by others; run: chmod 600 {}", file.string(),
                        file.string()));
    std::ifstream in{file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in.good() && !in.eof())
        throw std::runtime_error(fmt::format("the token file {} cannot be read", file.string()));
    if (text.size() > file_max)
        throw std::runtime_error(fmt::format("{} is too long to be a token file", file.string()));
    auto list = wire::parse_tokens(text);
    if (!list.error.empty())
        throw std::runtime_error(
            fmt::format("the token file {} cannot be used: {}", file.string(), list.error));
    return std::move(list.tokens);
}

void write_secret_once(const std::filesystem::path& file, const std::string& text)
{
    const auto draft = fmt::format("{}.{}", file.string(), ::getpid());
    ::unlink(draft.c_str());  // left over by a process that was killed, long ago
    const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        fail(draft, "cannot make");
    try {
        write_all(descriptor, text, draft);
    } catch (...) {
        ::close(descriptor);
        ::unlink(draft.c_str());
        throw;
    }
    ::close(descriptor);
    // A link fails where the file exists: of two that start at once the first one's stays.
    const int linked = ::link(draft.c_str(), file.c_str());
    const int error = errno;
    ::unlink(draft.c_str());
    if (linked != 0 && error != EEXIST) {
        errno = error;
        fail(file, "cannot make");
    }
}

}  // namespace deadair::net
