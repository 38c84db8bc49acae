#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "analysis/store/upload.hpp"

/// What became of transfers on bindings that were gone.
namespace deadair::report {

/// Those that fared alike, over whatever transport.
struct dead_transfers {
    store::upload like;  ///< one of them
    std::set<transport> kinds;
    std::set<std::uint64_t> sizes;
    std::vector<nanoseconds> took;
    std::vector<nanoseconds> accepted;  ///< the kernel had taken it all; empty: never
    std::vector<nanoseconds> noticed;   ///< empty: nobody was told
    std::vector<nanoseconds> gives_up;  ///< computed
};

/// In the order of their silence; those that nobody vouches for are left out.
std::vector<dead_transfers> dead_transfers_of(std::span<const store::upload> uploads);

/// "64 kB to 10 MB upload, TCP_USER_TIMEOUT 2 s"
std::string describe(const dead_transfers& of);
/// "after 2.252 s (timed_out)", "not within 12 s": of the longest
std::string told_text(const dead_transfers& of);
std::string gives_up_text(const dead_transfers& of);
/// "5.08 s (beyond T)": how long it was idle before.
std::string silence_text(const store::upload& one);
/// "system defaults", "TCP_USER_TIMEOUT 2 s"
std::string guard_text(const store::upload& one);

struct text_table {
    std::vector<std::string> heads;
    std::vector<std::vector<std::string>> rows;
};
/// Of the uploads among them: what the kernel took, when the writer was told, and when the kernel
/// gives up.
text_table dead_writes(std::span<const store::upload> uploads);

}  // namespace deadair::report
