#include "prober/evidence/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "analysis/host/descriptor.hpp"

namespace deadair::prober::evidence {

namespace {

struct archive_closer {
    void operator()(archive* of) const { archive_write_free(of); }
    void operator()(archive_entry* of) const { archive_entry_free(of); }
};
template <class Type>
using owned = std::unique_ptr<Type, archive_closer>;

void check(archive* of, int result, const std::filesystem::path& to)
{
    if (result < ARCHIVE_WARN)
        throw std::runtime_error(
            fmt::format("{} cannot be written: {}", to.string(), archive_error_string(of)));
}

void add(archive* into, const std::string& name, const std::string& text,
         const std::filesystem::path& to)
{
    constexpr int mode = 0644;
    const owned<archive_entry> entry{archive_entry_new()};
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), mode);
    archive_entry_set_mtime(entry.get(), std::time(nullptr), 0);
    check(into, archive_write_header(into, entry.get()), to);
    if (archive_write_data(into, text.data(), text.size()) < 0)
        check(into, ARCHIVE_FATAL, to);
}

}  // namespace

void write_archive(const std::filesystem::path& to, std::span<const part> parts)
{
    // Only its owner may read what may show addresses.
    const host::descriptor file{::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.get() < 0)
        throw std::runtime_error(fmt::format("{} cannot be made: {}", to.string(),
                                             std::generic_category().message(errno)));
    const owned<archive> out{archive_write_new()};
    check(out.get(), archive_write_add_filter_gzip(out.get()), to);
    check(out.get(), archive_write_set_format_pax_restricted(out.get()), to);
    check(out.get(), archive_write_open_fd(out.get(), file.get()), to);
    for (const auto& each : parts)
        add(out.get(), each.name == "README" ? each.name : each.name + ".txt", each.text, to);
    check(out.get(), archive_write_close(out.get()), to);
}

}  // namespace deadair::prober::evidence
