#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

namespace deadair::simulation {

/// What years of watching came to.
struct lived {
    int days{};
    int faults{};  // that befell the path, the server, the host or the firewall
    int measurements{};
    int unanswered{};  // measurements that found nothing out; each is tried again
    int wrong{};       // findings stated at 99 % or more that do not hold the truth
    int policies{};    // changes of the idle timeout
    int unseen{};      // of those: not told by the next measurement that found something
    int invented{};    // changes told though there was none
    int killing{};     // settings that would not have kept a connection alive
    std::uint64_t messages{};
    std::uint64_t missed{};       // for which a fault, or a new policy, was there to blame
    std::uint64_t unexplained{};  // put down to the settings though nothing had changed
    std::uintmax_t file_bytes{};
    std::array<long, 2> resident_kib{};  // after the first year, and at the end

    bool sound() const { return wrong + unseen + invented + killing == 0 && unexplained == 0; }
};

/// A watch of so many years, with faults of every kind, in virtual time: the plan of the watch,
/// what it holds, observation, estimator and record are the prober's own, and the rows stand in a
/// real file. @param file  alone in its folder; where there is none yet
lived live(int years, std::uint64_t seed, const std::filesystem::path& file);

void print(const lived& all, int years);

}  // namespace deadair::simulation
