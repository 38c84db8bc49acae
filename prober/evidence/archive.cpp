#include "prober/evidence/archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <system_error>

#include "analysis/host/descriptor.hpp"

namespace deadair::prober::evidence {

namespace {

// Written here: libarchive, which reads captures, drags its writers of every other format along,
// and with them an XML library that has no place in a program without shared libraries.
// POSIX.1-1988 (ustar): tar(5). Everything is in blocks, two empty ones at the end.
constexpr std::size_t block_size = 512;
constexpr std::size_t name_max = 100;
using tar_block = std::array<char, block_size>;

struct field {
    std::size_t at;
    std::size_t size;
};
constexpr field name_field{0, name_max};
constexpr field mode_field{100, 8};
constexpr field size_field{124, 12};
constexpr field time_field{136, 12};
constexpr field sum_field{148, 8};
constexpr field type_field{156, 1};
constexpr field magic_field{257, 8};

void put(tar_block& into, const field& where, std::string_view text)
{
    std::copy_n(text.begin(), std::min(text.size(), where.size), into.begin() + where.at);
}

void put_octal(tar_block& into, const field& where, std::uint64_t value)
{
    put(into, where, fmt::format("{:0{}o}", value, where.size - 1));
}

tar_block header_of(const std::string& name, std::size_t size)
{
    tar_block block{};
    put(block, name_field, name);
    put_octal(block, mode_field, 0644);
    put_octal(block, size_field, size);
    put_octal(block, time_field, static_cast<std::uint64_t>(std::time(nullptr)));
    put(block, type_field, "0");
    put(block, magic_field, std::string_view{"ustar\00000", 8});
    put(block, sum_field, "        ");
    const auto sum = std::accumulate(block.begin(), block.end(), 0U, [](unsigned all, char one) {
        return all + static_cast<unsigned char>(one);
    });
    put(block, sum_field, std::string_view{fmt::format("{:06o}", sum) + '\0' + ' '});
    return block;
}

/// A gzip file in the making.
class gzip {
public:
    gzip(const std::filesystem::path& name, int descriptor)
        : name_{name}, file_{::gzdopen(descriptor, "wb9")}
    {
        if (!file_)
            throw std::runtime_error(fmt::format("{} cannot be written", name_.string()));
    }

    void write(std::string_view bytes)
    {
        if (!bytes.empty() &&
            ::gzwrite(file_.get(), bytes.data(), static_cast<unsigned>(bytes.size())) == 0)
            fail();
    }
    void finish()
    {
        if (::gzclose(file_.release()) != Z_OK)
            fail();
    }

private:
    struct close {
        void operator()(gzFile of) const { ::gzclose(of); }
    };

    [[noreturn]] void fail() const
    {
        throw std::runtime_error(fmt::format("{} cannot be written: {}", name_.string(),
                                             std::generic_category().message(errno)));
    }

    std::filesystem::path name_;
    std::unique_ptr<gzFile_s, close> file_;
};

void add(gzip& into, const std::string& name, const std::string& text)
{
    const auto header = header_of(name, text.size());
    into.write({header.data(), header.size()});
    into.write(text);
    into.write(std::string((block_size - text.size() % block_size) % block_size, '\0'));
}

// "evidence.tar.gz" unpacks into "evidence".
std::string folder_of(const std::filesystem::path& archive)
{
    auto name = archive.filename().string();
    for (const std::string_view ending : {".gz", ".tgz", ".tar"})
        if (name.ends_with(ending))
            name.resize(name.size() - ending.size());
    constexpr std::size_t room = 40;  // for a part's name
    name.resize(std::min(name.size(), name_max - room));
    return name.empty() ? "evidence" : name;
}

}  // namespace

void write_archive(const std::filesystem::path& to, std::span<const part> parts)
{
    // Only its owner may read what may show addresses.
    const host::descriptor file{::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.get() < 0)
        throw std::runtime_error(fmt::format("{} cannot be made: {}", to.string(),
                                             std::generic_category().message(errno)));
    gzip out{to, ::dup(file.get())};
    const auto folder = folder_of(to);
    for (const auto& each : parts)
        add(out, folder + "/" + (each.name == "README" ? each.name : each.name + ".txt"),
            each.text);
    out.write(std::string(2 * block_size, '\0'));
    out.finish();
}

}  // namespace deadair::prober::evidence
