#include "echo-server/transport/secret_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace deadair::net {

namespace {

// Far above the largest token file and the longest certificate chain.
constexpr std::size_t file_max = 64 * 1024;

class descriptor {
public:
    explicit descriptor(int number) : number_{number} {}
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

std::runtime_error cannot_read(const std::filesystem::path& file, std::string_view what)
{
    return std::runtime_error(fmt::format("the {} {} cannot be read: {}", what, file.string(),
                                          std::generic_category().message(errno)));
}

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

std::string read_secret_file(const std::filesystem::path& file, std::string_view what)
{
    const descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat info {};
    if (opened.number() < 0 || ::fstat(opened.number(), &info) != 0)
        throw cannot_read(file, what);
    if ((info.st_mode & 077) != 0)
        throw std::runtime_error(fmt::format("the {} {} can be read by others; run: chmod 600 {}",
                                             what, file.string(), file.string()));
    std::string text;
    std::array<char, 4096> piece{};
    ssize_t count = 0;
    while ((count = ::read(opened.number(), piece.data(), piece.size())) > 0) {
        text.append(piece.data(), static_cast<std::size_t>(count));
        if (text.size() > file_max)
            throw std::runtime_error(fmt::format("{} is too long to be a {}", file.string(), what));
    }
    if (count < 0)
        throw cannot_read(file, what);
    return text;
}

void refuse_if_everybody_may_read(const std::filesystem::path& file, std::string_view what)
{
    struct stat info {};
    if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 007) != 0)
        throw std::runtime_error(
            fmt::format("the {} {} can be read by everybody on this host; run: chmod o= {}", what,
                        file.string(), file.string()));
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
