#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

/// What the process gives up before it serves.
namespace deadair::echo_server {

/// Whom to become; the kernel's numbers.
struct account {
    std::string name;
    uid_t user{};
    gid_t group{};
};

/// @throws usage_error if there is no such user, or if it is root.
account find_account(const std::string& name);

/// Makes the state directory if it is missing, for the account where one is given.
/// @throws std::runtime_error with one sentence.
void make_state_dir(const std::filesystem::path& directory, const std::optional<account>& owner);

/// Becomes that user for good, without a way back. @throws std::runtime_error
void become(const account& whom);

/// No program that this one starts can gain anything (prctl(2), PR_SET_NO_NEW_PRIVS), and a crash
/// leaves no memory image with secrets in it.
void renounce();

}  // namespace deadair::echo_server
