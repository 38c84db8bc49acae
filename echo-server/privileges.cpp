#include "echo-server/privileges.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "analysis/words/usage_error.hpp"

namespace deadair::echo_server {

namespace {

std::string reason()
{
    return std::generic_category().message(errno);
}

}  // namespace

account find_account(const std::string& name)
{
    const auto* found = ::getpwnam(name.c_str());
    if (found == nullptr)
        throw usage_error(fmt::format("--user '{}': there is no such user on this host", name));
    if (found->pw_uid == 0)
        throw usage_error(fmt::format("--user '{}' is root; name one without privileges", name));
    return {.name = name, .user = found->pw_uid, .group = found->pw_gid};
}

void make_state_dir(const std::filesystem::path& directory, const std::optional<account>& owner)
{
    std::error_code error;
    const bool fresh = std::filesystem::create_directories(directory, error);
    if (!error && fresh && owner)
        if (::lchown(directory.c_str(), owner->user, owner->group) != 0)
            error = {errno, std::generic_category()};
    if (error)
        throw std::runtime_error(
            fmt::format("the state directory {} cannot be made: {}; name another with --state-dir",
                        directory.string(), error.message()));
}

void become(const account& whom)
{
    if (::initgroups(whom.name.c_str(), whom.group) != 0 || ::setgid(whom.group) != 0 ||
        ::setuid(whom.user) != 0)
        throw std::runtime_error(
            fmt::format("cannot become user {}: {}; start as root, or without "
                        "--user",
                        whom.name, reason()));
    if (::setuid(0) == 0)
        throw std::runtime_error(
            fmt::format("having become user {} root is still within reach", whom.name));
}

void renounce()
{
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace deadair::echo_server
