#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/transfers.hpp"
#include "analysis/words/words.hpp"

/// Which transfers are made, and when. Pure.
namespace deadair::prober::uploads {

/// What is to be tried.
struct plan {
    std::vector<path> paths;
    std::vector<transfer_direction> ways;
    std::vector<std::uint64_t> sizes;      ///< bytes, each 1 to wire::transfer_max
    std::optional<known_timeout> timeout;  ///< without it there are only fresh transfers
    nanoseconds user_timeout{std::chrono::seconds{10}};
    nanoseconds socket_timeout{std::chrono::seconds{10}};
    nanoseconds give_up_after{std::chrono::seconds{60}};  ///< without progress
    std::optional<nanoseconds> at_most;  ///< for all of it; what is left then is left out
};

/// A few fresh uploads that take a moment on a usual path, and some seconds at most.
plan short_form();
/// The same for a watch, which has the time to tell a slow path from a stalled upload.
plan patient_form();

/// One transfer on a connection of its own.
struct trial {
    std::uint32_t number{};
    path on;
    transfer_direction way{};
    std::uint64_t size{};
    idle_spell spell{};
    nanoseconds idle{};  ///< before it
    write_guard guard{};
    nanoseconds open_at{};  ///< after the idle trials begin; the fresh ones follow each other
};

/// A write so small that the kernel takes it at once, whatever the far end does.
inline constexpr std::uint64_t small_write = 1000;

/// How long a connection is idle before its transfer. Below: half of T, or what the settings
/// build on if that is longer; beyond: past the whole interval, by a second and 2 %.
nanoseconds idle_before(idle_spell spell, const known_timeout& timeout);

/// To be done one after the other.
std::vector<trial> fresh_trials(const plan& of);

/// In the order of `open_at`. They begin so far apart that each should be over before the next,
/// as long as `expected` says rightly how long a transfer takes; dead ones overlap. Where writes
/// meet a dead binding, a small and the largest one are tried with each guard.
std::vector<trial> idle_trials(const plan& of,
                               const std::function<nanoseconds(const trial&)>& expected);

/// Why this plan cannot be carried out, if so, as one sentence.
std::optional<std::string> refuse(const plan& of);

}  // namespace deadair::prober::uploads
