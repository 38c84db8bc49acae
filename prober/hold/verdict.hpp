#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "prober/hold/bound.hpp"
#include "prober/hold/holder.hpp"

namespace deadair::hold {

/// What happened on the held connections of one transport and direction, and on the unprotected
/// ones beside them, which people know as controls.
struct held_counts {
    std::uint32_t telling{};  ///< messages after a silence that ends a connection without settings
    std::uint32_t brief{};    ///< messages after a shorter one: they must arrive, and prove nothing
    std::uint32_t missed{};   ///< of both
    std::uint32_t ended{};    ///< connections that ended by themselves
    std::uint32_t voided{};
    std::uint32_t unprotected_died{};
    std::uint32_t unprotected_survived{};
    std::uint32_t unprotected_voided{};

    std::uint32_t tried() const { return telling + brief + ended; }
    std::uint32_t failed() const { return missed + ended; }
};

enum class proof : std::uint8_t {
    proven,  ///< every unprotected one died: what arrived, arrived because of the settings
    nothing_to_prove,  ///< every unprotected one survived
    unproven,          ///< unprotected ones disagree or are missing, or nothing was said
};
std::string_view to_string(proof value);

struct held_stratum {
    path on;
    direction way{};
    friend auto operator<=>(const held_stratum&, const held_stratum&) = default;
};

/// Collects what came of the messages.
class score {
public:
    explicit score(nanoseconds idle_timeout) : idle_timeout_{idle_timeout} {}

    void add(const message& said, outcome result);
    /// A connection ended by itself, without a message.
    void add_end(const path& on, direction way, bool unprotected, outcome result);

    const std::map<held_stratum, held_counts>& strata() const { return strata_; }
    /// Of what arrived on a held connection, the longest silence before; 0: nothing did.
    nanoseconds longest() const { return longest_; }
    nanoseconds idle_timeout() const { return idle_timeout_; }

private:
    nanoseconds idle_timeout_;
    nanoseconds longest_{};
    std::map<held_stratum, held_counts> strata_;
};

proof judge(const held_counts& of);

enum class verdict : std::uint8_t { passed, failed, inconclusive };
std::string_view to_string(verdict value);

struct conclusion {
    verdict result{verdict::inconclusive};
    std::uint32_t failed{};  ///< messages missed and connections that ended
    std::uint32_t tried{};   ///< that prove something
    share_interval share;    ///< of connections that fail
    std::string reason;      ///< one sentence for people
};

/// Fails when anything was missed anywhere; passes when nothing was, and what was said proves it.
conclusion judge(const score& all);

}  // namespace deadair::hold
