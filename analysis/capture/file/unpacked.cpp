#include "analysis/capture/file/unpacked.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/types.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "analysis/words/usage_error.hpp"

namespace deadair::capture {

namespace {

constexpr std::size_t block = 1 << 16;

struct frees {
    void operator()(archive* open) const { ::archive_read_free(open); }
};

ssize_t read(void* from, char* into, std::size_t size)
{
    const auto got = ::archive_read_data(static_cast<archive*>(from), into, size);
    if (got >= 0)
        return got;
    errno = EIO;
    return -1;
}

int close(void* from)
{
    return ::archive_read_free(static_cast<archive*>(from)) == ARCHIVE_OK ? 0 : EOF;
}

}  // namespace

std::FILE* open_unpacked(const std::filesystem::path& file)
{
    if (!std::filesystem::is_regular_file(file))
        throw usage_error(fmt::format("there is no file {} to import", file.string()));
    std::unique_ptr<archive, frees> open{::archive_read_new()};
    ::archive_read_support_filter_gzip(open.get());
    ::archive_read_support_filter_xz(open.get());
    ::archive_read_support_filter_zstd(open.get());
    ::archive_read_support_format_raw(open.get());
    ::archive_read_support_format_empty(open.get());
    archive_entry* entry = nullptr;
    if (::archive_read_open_filename(open.get(), file.c_str(), block) != ARCHIVE_OK ||
        ::archive_read_next_header(open.get(), &entry) > ARCHIVE_EOF)
        throw std::runtime_error(fmt::format("{} cannot be read: {}", file.string(),
                                             ::archive_error_string(open.get())));
    auto* const bytes = ::fopencookie(
        open.get(), "rb", {.read = &read, .write = nullptr, .seek = nullptr, .close = &close});
    if (bytes == nullptr)
        throw std::runtime_error(
            fmt::format("{} cannot be read: {}", file.string(), std::strerror(errno)));
    open.release();  // closed with `bytes`
    return bytes;
}

}  // namespace deadair::capture
