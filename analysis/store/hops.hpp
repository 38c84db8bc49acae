#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// Which box on the way forgets; docs/tables.md says what each column holds.
namespace deadair::store {

using run_id = std::int64_t;

struct hop {
    int number{};           ///< 1: the nearest
    std::string address{};  ///< empty: nobody answers there
    bool server{};

    friend bool operator==(const hop&, const hop&) = default;
};

struct hop_probe {
    run_id run{};
    std::uint32_t hop_probe_id{};  ///< unique within the run
    std::uint32_t connection_id{};
    bool control{};  ///< on the control path
    refresh_side from{refresh_side::none};
    int hops{};
    nanoseconds idle_age{};
    nanoseconds sent{};
    nanoseconds verdict{};
    outcome result{};
    std::string void_reason{};  ///< empty unless void
};

struct box {
    /// It stands between these, in half hops: 2 is hop 1, 3 is between hops 1 and 2.
    int nearest{}, farthest{};
    nanoseconds low{}, high{};  ///< so does its idle timeout
    refresh_side seen_from{};
    std::string remark{};

    friend bool operator==(const box&, const box&) = default;
};

/// What the other path does with silent connections by the time at which this one has forgotten.
enum class control_path : std::uint8_t { forgets, forgets_earlier, lives, untold };
std::string_view to_string(control_path value);

struct hop_verdict {
    nanoseconds longest{};  ///< silence that was tried
    std::string untold{};   ///< why no box can be named
    std::vector<std::string> remarks{};
    std::optional<std::string> control_endpoint{};
    std::optional<control_path> control{};
    std::optional<int> control_shared_hops{};
};

/// All that a run says of them.
struct hops_found {
    run_id run{};
    std::vector<hop> way{};
    std::vector<box> boxes{};                  ///< the nearest to the client first
    std::optional<hop_verdict> verdict{};      ///< none: nobody asked
    std::vector<std::uint32_t> connections{};  ///< opened for that and nothing else; read only
};

}  // namespace deadair::store
