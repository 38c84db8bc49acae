// After an outage that only a new control connection ended: whether the middlebox still knows the
// others. It may have been restarted or flushed, and would then look as if it forgot early.
#include <algorithm>

#include "prober/session/session.hpp"

namespace deadair::prober {

// A connection whose silence is shorter than one that was survived before must still be known, if
// any is; the youngest of them, since its age cannot have ended it alone. When it is not, nobody
// can vouch for the others either.
void session::doubt_bindings()
{
    const auto* asked = outage_ ? youngest() : nullptr;
    if (asked == nullptr) {
        if (outage_) {
            user_.on_event(
                "bindings_in_doubt",
                "no connection can tell whether the others are still known: all are void");
            void_connections();
        }
        return outage_over();
    }
    doubt_ = fresh_number();
    probe(*doubt_, asked->number(), direction::to_client);
}

// Nullptr when even the shortest silence is longer than any that was survived, and none is busy.
const connection* session::youngest() const
{
    // One that is kept alive has no excuse.
    const auto* const still_young = youngest_that([this](const connection& each) {
        return each.kept() || now() - each.idle_since() < longest_delivered_;
    });
    if (still_young != nullptr)
        return still_young;
    return youngest_that([](const connection& each) {
        return each.refreshed_by() == refresh::data && each.refreshed_from() == refresh_side::both;
    });
}

template <class Tells>
const connection* session::youngest_that(Tells tells) const
{
    const connection* found = nullptr;
    for (const auto& [number, each] : connections_) {
        const bool lost = std::ranges::any_of(lost_, [&, number = number](const auto& one) {
            return one.second.connection == number;
        });
        // One that spoke since then tells nothing: its binding may be a new one.
        const bool older = each->idle_since() < worked_until_;
        if (each->joined() && !lost && older && tells(*each) &&
            (found == nullptr || each->opened_at() > found->opened_at()))
            found = each.get();
    }
    return found;
}

void session::doubt_answered(const flight& asked, outcome result)
{
    doubt_.reset();
    if (!control_.up())
        return;  // the next control connection asks again
    const bool known = result == outcome::delivered;
    user_.on_event(known ? "bindings_survived" : "bindings_lost",
                   known ? "a connection from before the outage still works"
                         : "connections from before the outage no longer work, although none was "
                           "silent for too long: all are void");
    // Its silence is not what the user of the session takes it for.
    if (find(asked.connection) != nullptr) {
        user_.on_voided(asked.connection);
        close(asked.connection, "own");
    }
    if (!known)
        void_connections();
    outage_over();
}

}  // namespace deadair::prober
