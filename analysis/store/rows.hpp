#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "analysis/store/held.hpp"
#include "analysis/store/hops.hpp"
#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// The rows of a measurement; docs/tables.md says what each column holds.
namespace deadair::store {

enum class run_state : std::uint8_t { running, finished, interrupted, failed };
std::string_view to_string(run_state value);

struct run {
    run_id id{};       ///< given by the store
    std::string uuid;  ///< the same; stays when files are merged
    std::string label;
    std::string started_at;               ///< UTC, ISO 8601, "2026-01-31T12:00:00.000Z"
    std::optional<std::string> ended_at;  ///< the same; none while it runs or if it was killed
    run_state state{run_state::running};
    std::string client_host;
    std::string server_endpoint;  ///< as asked: "echo.example:7443"
    std::string program_version;
    std::string options_asked;  ///< the command line, without secrets
    std::string options_used;   ///< JSON, every option with its value
    bool intercepted{};  ///< --allow-interception was needed: the channel binding was left out
    std::optional<std::string> note;
    std::string command{"measure"};   ///< of deadair-prober, that made it
    std::optional<watch_id> watch{};  ///< of which it is part
};

struct connection {
    run_id run{};
    std::uint32_t connection_id{};  ///< unique within the run
    path on;
    std::string local_address;
    std::uint16_t local_port{};
    std::string seen_address{};  ///< the client's, as the server saw it; empty: not known
    std::uint16_t seen_port{};
    std::string server_address;
    nanoseconds opened{};
    std::string socket_options;  ///< JSON: keepalive, nodelay, ...
};

struct connection_end {
    run_id run{};
    std::uint32_t connection_id{};
    std::optional<nanoseconds> last_delivered;     ///< longest idle age delivered on it
    std::optional<nanoseconds> first_undelivered;  ///< idle age of its first probe that was not
    nanoseconds ended{};
    std::string client_saw;  ///< reset, closed, timeout, own, nothing
    std::string server_saw;  ///< the same words; empty: not reported
};

/// A connection that could not be opened.
struct refusal {
    run_id run{};
    std::uint32_t connection_id{};  ///< as it would have been
    path on;
    nanoseconds began{};
    nanoseconds failed{};
    std::string reason;  ///< for people
};

struct probe {
    run_id run{};
    std::uint32_t probe_id{};  ///< unique within the run
    std::uint32_t connection_id{};
    direction way{};
    means how{};
    nanoseconds idle_age{};
    nanoseconds idle_age_error{};
    bool unprompted{};
    nanoseconds sent{};
    std::optional<nanoseconds> verdict;
    outcome result{};
    std::string void_reason;  ///< empty unless void
    std::optional<nanoseconds> round_trip;
    std::uint32_t retransmissions{};
    std::uint32_t unanswered{};
    std::optional<std::uint32_t> retransmitted_before{};  ///< by the speaker, before the silence
    std::string server_saw;  ///< what the far end's socket reported, if it did
};

struct event {
    run_id run{};
    nanoseconds at{};
    std::string kind;    ///< outage_began, outage_ended, open_failed, suspended, ...
    std::string detail;  ///< for people
};

/// One figure of the path at one moment.
struct path_sample {
    run_id run{};
    nanoseconds at{};
    std::string source;  ///< "connection 17", "control", "host"
    std::string name;    ///< with its unit: "rtt_us", "retransmitted_segments"
    double value{};
};

/// What stands in a column of a row: NULL, an integer, a real number or text.
using cell = std::variant<std::monostate, std::int64_t, double, std::string>;

}  // namespace deadair::store
