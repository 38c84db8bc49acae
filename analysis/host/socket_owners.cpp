#include "analysis/host/socket_owners.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <unordered_map>

#include "analysis/host/descriptor.hpp"

namespace deadair::host {

namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && stopped == text.data() + text.size() ? std::optional{value}
                                                                        : std::nullopt;
}

std::string name_of(const fs::path& process)
{
    std::string name;
    std::getline(std::ifstream{process / "comm"}, name);
    return name;
}

std::optional<int> option(int socket, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, level, name, &value, &size) == 0 ? std::optional{value}
                                                                 : std::nullopt;
}

std::optional<audit::keepalive_options> options_of(int socket)
{
    const auto on = option(socket, SOL_SOCKET, SO_KEEPALIVE);
    const auto idle = option(socket, IPPROTO_TCP, TCP_KEEPIDLE);
    const auto interval = option(socket, IPPROTO_TCP, TCP_KEEPINTVL);
    const auto count = option(socket, IPPROTO_TCP, TCP_KEEPCNT);
    if (!on || !idle || !interval || !count)
        return std::nullopt;
    return audit::keepalive_options{.on = *on != 0,
                                    .idle = seconds{*idle},
                                    .interval = seconds{*interval},
                                    .count = static_cast<std::uint32_t>(*count)};
}

// A second descriptor of the same socket, for as long as it takes to read its options.
std::optional<audit::keepalive_options> options_in(int pid, int file)
{
    const descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
    if (process.get() < 0)
        return std::nullopt;
    const descriptor socket{static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), file, 0))};
    return socket.get() < 0 ? std::nullopt : options_of(socket.get());
}

using by_inode = std::unordered_map<std::uint64_t, audit::connection*>;

// Processes end while we look, and most are none of our business: every error means "not here".
void look_into(const fs::path& process, int pid, const by_inode& wanted)
{
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator{process / "fd", ignored}) {
        const auto target = fs::read_symlink(file.path(), ignored).string();
        constexpr std::string_view prefix = "socket:[";
        if (!target.starts_with(prefix) || !target.ends_with(']'))
            continue;
        const auto inode = std::strtoull(target.c_str() + prefix.size(), nullptr, 10);
        const auto found = wanted.find(inode);
        if (found == wanted.end() || found->second->owner)
            continue;
        found->second->owner = audit::process{pid, name_of(process)};
        if (const auto descriptor_number = number(file.path().filename().string()))
            found->second->keepalive = options_in(pid, *descriptor_number);
    }
}

}  // namespace

void name_owners(std::span<audit::connection> of)
{
    by_inode wanted;
    for (auto& each : of)
        if (each.inode != 0)
            wanted.emplace(each.inode, &each);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{"/proc", ignored})
        if (const auto pid = number(entry.path().filename().string()))
            look_into(entry.path(), *pid, wanted);
}

}  // namespace deadair::host
