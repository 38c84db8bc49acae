#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"
#include "analysis/recommend/refreshes.hpp"
#include "analysis/recommend/setting_name.hpp"
#include "analysis/words/duration.hpp"

/// From findings to settings, with reasons. Pure.
namespace deadair::recommend {

/// An interval that holds the truth less often than this is thin evidence.
inline constexpr double confidence_min = 0.95;

/// What uploads on this path measured.
struct write_conditions {
    unsigned transfers{};         ///< that this is drawn from
    double packet_loss{};         ///< 0.001 to 0.5
    nanoseconds round_trip{};     ///< under load, of the slowest transfer
    nanoseconds rto{};            ///< the same
    nanoseconds longest_stall{};  ///< that ended well
    double goodput_median{};  ///< bytes per second, of the largest size; 0: too soon to be timed
    double goodput_low{};     ///< of the slowest of them
};

/// What the path is like and what it must carry.
struct conditions {
    nanoseconds round_trip{std::chrono::milliseconds{100}};
    nanoseconds round_trip_variation{};  ///< RTTVAR as TCP keeps it
    double packet_loss{0.01};            ///< measured, or what is assumed; 0..0.5
    std::uint64_t largest_upload_bytes{10'000'000};
    std::optional<write_conditions> writes{};
    bool uploads_stall{};  ///< none came through on living connections, though downloads did
};

/// One setting, or why it is left alone.
struct recommendation {
    setting_name setting{};
    std::optional<double> value;  ///< nullopt: do not set this (the reason says why)
    std::string unit;             ///< "s" or "count"
    bool low_confidence{};
    std::string reason;  ///< one sentence that names the numbers it came from
};

/// The age at which connections end however busy they are.
struct age_limit {
    nanoseconds low{};  ///< survived
    std::string where;  ///< "wss to_client"
};

/// What the path alone says, where uploads have measured it.
bool is_about_writes(setting_name setting);

/// What the settings are built on.
struct basis {
    nanoseconds safe{};  ///< the longest idle age to build on
    std::string
        grounds{};       ///< opens reasons: "wss to_client dies after 20 s, so 18.8 s is safe ..."
    bool expired{true};  ///< false: nothing expired; `safe` is what was survived
    bool low_confidence{};
    usefulness tcp_keepalive{};
    usefulness ws_ping{};
    usefulness data{};
    bool ends_tcp{};  ///< connections end in order: something on the path speaks TCP itself
    std::optional<age_limit> age{};
    bool only_the_client_spoke{};  ///< and nothing expired: see estimate::only_the_client_spoke
};

/// For planning before anything is measured: so much silence is taken to be safe.
basis assumed(nanoseconds survived);

/// All settings, in a fixed order.
std::vector<recommendation> settings_for(const basis& on, const conditions& given);

/// All settings, in a fixed order. The worst stratum decides; the reason says which.
std::vector<recommendation> recommend(std::span<const estimate::finding> found,
                                      const conditions& given);

/// For a server whose connections a proxy on the path reuses: `outlast_idle`, after how much
/// silence it may close them. That is later than the proxy itself, which else sends a request into
/// a connection that is being closed. Without a value where nothing expired.
recommendation outlasting(std::span<const estimate::finding> found);
/// The same, for a proxy that is assumed to close after so much silence.
recommendation outlasting(nanoseconds proxy_closes_after);

/// True when connections end in order at the timeout: what does that speaks TCP itself (a proxy, a
/// load balancer), and keepalive between it and one end says nothing to the other.
bool ends_tcp_on_the_path(std::span<const estimate::finding> found);

}  // namespace deadair::recommend
