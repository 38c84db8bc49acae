#include "prober/uploads/verdict.hpp"

namespace deadair::prober::uploads {

namespace {

using namespace std::chrono_literals;

// How long to wait for the server's figures after a download.
constexpr nanoseconds far_figures_max = 1s;
// However slow the path: no transfer may take longer.
constexpr nanoseconds transfer_time_max = 15min;

transfer_outcome outcome_of(wire::end_cause cause)
{
    switch (cause) {
        case wire::end_cause::reset:
            return transfer_outcome::reset;
        case wire::end_cause::closed:
            return transfer_outcome::closed;
        case wire::end_cause::timed_out:
            return transfer_outcome::timed_out;
        default:
            return transfer_outcome::voided;
    }
}

ending voided(nanoseconds at, std::string why)
{
    return {.result = transfer_outcome::voided, .at = at, .doubt = std::move(why)};
}

}  // namespace

std::optional<ending> ended(const transfer& one, const plan& of, nanoseconds now)
{
    const auto& what = one.what();
    if (one.complete()) {
        const bool upload = what.way == transfer_direction::upload;
        if (upload || one.far_known() || now - *one.completed_at() > far_figures_max)
            return ending{.result = transfer_outcome::completed, .at = now};
        return std::nullopt;
    }
    if (one.refused())
        return voided(now, "the server refuses to send so much now");
    if (what.guard == write_guard::socket_timeout && one.blocked_for() >= of.socket_timeout)
        return ending{
            .result = transfer_outcome::stalled, .at = now, .noticed_by = "socket_timeout"};
    if (one.stalled_for() >= of.give_up_after)
        return ending{.result = transfer_outcome::stalled, .at = now};
    if (one.so_far(now) >= transfer_time_max)
        return voided(now, "it takes too long for one measurement; name smaller --sizes");
    return std::nullopt;
}

ending gone(const transfer& one, wire::end_cause cause, const std::string& why, nanoseconds now)
{
    if (!one.moving())
        return voided(now, "the connection ended before its transfer: " + why);
    const auto result = outcome_of(cause);
    if (result == transfer_outcome::voided)
        return voided(now, why);
    return {.result = result, .at = now, .noticed_by = "kernel"};
}

}  // namespace deadair::prober::uploads
