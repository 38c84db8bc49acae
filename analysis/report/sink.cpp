#include "analysis/report/sink.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "analysis/words/usage_error.hpp"

namespace deadair::report {

namespace fs = std::filesystem;

sink::sink(fs::path file) : file_{std::move(file)}
{
    std::error_code none_there;
    const auto there = fs::status(file_, none_there);
    if (!fs::exists(there) || fs::is_regular_file(there)) {
        // Through a link to the file itself.
        if (fs::exists(there))
            file_ = fs::canonical(file_);
        unfinished_ = file_;
        unfinished_ += ".unfinished";
    }
    stream_ = std::fopen((unfinished_.empty() ? file_ : unfinished_).c_str(), "w");
    if (stream_ == nullptr)
        fail();
}

sink::~sink()
{
    if (file_.empty() || stream_ == nullptr)
        return;
    (void)close();
    if (!unfinished_.empty())
        (void)std::remove(unfinished_.c_str());
}

void sink::put(const std::string& text)
{
    if (std::fwrite(text.data(), 1, text.size(), stream_) != text.size())
        fail();
}

void sink::finish()
{
    if (std::fflush(stream_) != 0)
        fail();
    if (file_.empty())
        return;
    if (!close() || (!unfinished_.empty() && std::rename(unfinished_.c_str(), file_.c_str()) != 0))
        fail();
}

bool sink::close()
{
    return std::fclose(std::exchange(stream_, nullptr)) == 0;
}

void sink::fail() const
{
    const int why = errno;
    if (why == ENOENT || why == ENOTDIR || why == EISDIR || why == EACCES || why == EROFS)
        throw usage_error(fmt::format(
            "--output {} cannot be written: {}; name a file in a folder that is there, and yours",
            file_.string(), std::strerror(why)));
    throw std::runtime_error(fmt::format(
        "cannot write {}: {}", file_.empty() ? "the output" : file_.string(), std::strerror(why)));
}

}  // namespace deadair::report
