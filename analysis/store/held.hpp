#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "analysis/words/duration.hpp"
#include "analysis/words/incident.hpp"
#include "analysis/words/words.hpp"

/// The rows of connections that are held with settings: by `verify` for a while, by `watch` for
/// days.
namespace deadair::store {

using run_id = std::int64_t;
using watch_id = std::int64_t;

/// Something said after a silence, or the end of a held connection that nobody spoke on.
struct message {
    run_id run{};
    std::uint32_t message_id{};  ///< unique within the run
    std::uint32_t connection_id{};
    direction way{};
    bool unprotected{};  ///< on a connection without the settings, which must die
    bool replaced{};     ///< over a new connection, since the old one was idle for too long
    bool unprompted{};   ///< nothing was said; the connection ended by itself
    nanoseconds quiet{};
    nanoseconds sent{};
    nanoseconds verdict{};
    outcome result{};
    std::string void_reason;  ///< empty unless void
};

/// What a `verify` came to.
struct verification {
    run_id run{};
    std::optional<nanoseconds> tcp_keepalive;
    std::optional<nanoseconds> ws_ping;
    std::optional<nanoseconds> idle_reconnect;
    std::optional<nanoseconds> max_connection_age;
    nanoseconds idle_timeout{};  ///< that was to be outlived
    std::string result;          ///< passed, failed, inconclusive
    std::uint32_t missed{};
    std::uint32_t tried{};
    double share_low{};  ///< of connections that fail, at `confidence`
    double share_high{};
    double confidence{};
    std::string reason;  ///< for people
};

/// Days of watching; each start of the program and each measurement is a run of it.
struct watch {
    watch_id id{};  ///< given by the store
    std::string label;
    std::string client_host;
    std::string server_endpoint;
    std::string started_at;  ///< UTC, ISO 8601
};

struct incident {
    run_id run{};
    nanoseconds at{};        ///< noticed, since the run's start
    std::string noticed_at;  ///< the same, UTC
    incident_kind kind{};
    blame put_down_to{};
    std::optional<std::uint32_t> connection_id{};
    std::optional<direction> way{};          ///< of the message that was under way
    std::optional<nanoseconds> quiet{};      ///< silence before it
    std::optional<nanoseconds> unnoticed{};  ///< since the connection was last known to work
    std::string client_saw{};
    std::string server_saw{};
    std::optional<double> round_trip_ms{};
    std::optional<std::uint32_t> retransmissions{};
    std::optional<std::uint32_t> segments_in{};
    std::optional<std::uint32_t> segments_out{};
    std::string detail{};  ///< for people
};

/// What the rows of a watch add up to, all its runs together.
struct watch_sums {
    nanoseconds watched{};     ///< from its first start to what came last, by the wall clock
    std::uint64_t messages{};  ///< with an outcome that counts
    std::uint64_t missed{};
    std::uint64_t ended{};    ///< held connections that ended by themselves
    std::uint64_t uploads{};  ///< on new connections, with an outcome that counts
    std::uint64_t uploads_failed{};
    std::uint64_t measurements{};
    std::optional<run_id> last_measurement;
    std::string last_measured_at;  ///< UTC; empty: never
    std::map<incident_kind, std::uint64_t> incidents;
};

}  // namespace deadair::store
