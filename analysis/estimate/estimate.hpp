#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// From observations to findings. Pure.
namespace deadair::estimate {

/// One probe that settled, or one unprompted end at a known idle age.
struct observation {
    stratum where;
    std::uint32_t connection_id{};
    std::uint16_t local_port{};
    nanoseconds idle_age{};        ///< at the probe's first packet
    nanoseconds idle_age_error{};  ///< the true age lies within idle_age +- this
    outcome result{};
    /// The connection ended by itself at this age, and no probe was sent. Delivered: the server
    /// closed it or spoke by itself, and that arrived.
    bool unprompted{};
    bool spoken{};               ///< of such a delivery: the server spoke
    std::uint32_t unanswered{};  ///< packets of a lost probe that got no answer (at least 1)
    nanoseconds settled_at{};    ///< since the run's start
    /// When its first packet left, or the end was seen; not known in what was not recorded so.
    std::optional<nanoseconds> sent_at{};
    nanoseconds connection_age{};  ///< since it was opened, as the probe was sent
    /// Segments that the end which spoke had sent again on the connection before the silence.
    std::optional<std::uint32_t> retransmitted_before{};
    bool both_saw{};   ///< of an unprompted end: the server's end saw it as well
    bool disturbed{};  ///< void, since packets of neither end broke the silence
};

enum class finding_kind : std::uint8_t {
    timeout,
    spread,
    mixture,
    none,
    inconclusive,
    absolute_age,  ///< busy connections are cut at an age: `low` and `high` are ages since opening
};
enum class expiry : std::uint8_t { silent, reset, closed, late, mixed };
/// Why bindings go when they go; each finding has one.
enum class explanation : std::uint8_t {
    unsettled,        ///< several would do, or nothing tells
    nothing_expired,  ///< nothing to explain
    sharp,            ///< one idle timeout
    tick,             ///< one, looked at only every so often
    each_silence,     ///< drawn anew for each silence
    each_connection,  ///< drawn for each connection, which keeps it
    mixture,          ///< several, each connection has one of them
    one_end,          ///< counted from the last data of one end only
    each_end,         ///< each end's data renews what its own packets need
    age,              ///< cut at an age, however busy
    room,             ///< room for so many connections; the stalest gives way
    load,             ///< shorter when more connections are open
    promotion,        ///< longer once some messages have passed
    flush,            ///< all state was lost at a moment
    policy_change,    ///< another timeout from a moment on
    random,           ///< ended at random, whatever the silence
    delayed,          ///< nothing expires, but the first message after a silence is late
    disturbed,        ///< packets of neither end broke the silences
    server_closes,    ///< nothing expired before the server closed what was idle, or spoke
    half_dead,        ///< it arrives when the other direction is gone, but is not acknowledged
};
std::string_view to_string(explanation value);
std::optional<explanation> parse_explanation(std::string_view text);
std::string_view to_string(finding_kind value);
std::string_view to_string(expiry value);
std::optional<finding_kind> parse_finding_kind(std::string_view text);
std::optional<expiry> parse_expiry(std::string_view text);

/// What a run says of one stratum; a `mixture` has several of these for the same stratum.
struct finding {
    stratum where;
    finding_kind kind{finding_kind::inconclusive};
    std::optional<nanoseconds> idle_timeout;  ///< best single value; none unless something expired
    std::optional<nanoseconds> low;           ///< longest age at which all is still well
    std::optional<nanoseconds> high;          ///< age by which the binding is gone
    double confidence{};                      ///< that [low, high] holds the truth, 0..1
    std::optional<expiry> after_expiry;       ///< how connections die; none if nothing expired
    std::uint32_t delivered{};
    std::uint32_t not_delivered{};
    std::uint32_t voided{};
    double share{1.0};  ///< of the connections, in a mixture
    std::string note;   ///< the explanation in plain words, for people
    explanation why{explanation::unsettled};
    /// Of a tick, of losses of state that repeat; mean time between random ends.
    std::optional<nanoseconds> period{};
    /// Of the loss of state or the change, since the run's start; a moment at which it ticked.
    std::optional<nanoseconds> moment{};
    /// So many connections have room, or are open before the timeout is shorter.
    std::optional<std::uint32_t> crowd{};
    bool by_itself{};  ///< connections ended without anybody sending anything
};

/// What the estimator may assume.
struct assumptions {
    double packet_loss{0.01};  ///< chance that one packet is lost, 0..0.5
    /// When all connections were found to be lost at once, since the run's start.
    std::vector<nanoseconds> bindings_lost{};
};

/// One or more findings for each stratum that has observations, ordered by stratum.
std::vector<finding> estimate(std::span<const observation> seen, const assumptions& given);

}  // namespace deadair::estimate
