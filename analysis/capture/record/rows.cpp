#include "analysis/capture/record/rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadair::capture {

store::probe row_of(const silence& seen, const row_numbers& numbers, nanoseconds start)
{
    store::probe made;
    made.run = numbers.run;
    made.probe_id = numbers.probe;
    made.connection_id = numbers.connection;
    made.way = seen.way;
    made.idle_age = seen.age;
    made.idle_age_error = seen.age_error;
    made.unprompted = seen.unprompted;
    made.sent = seen.broken_at - start;
    made.verdict = seen.settled_at - start;
    made.result = seen.result;
    made.void_reason = seen.doubt;
    made.round_trip = seen.round_trip;
    made.retransmissions = seen.retransmissions;
    made.unanswered = seen.unanswered;
    made.server_saw =
        seen.sent_by.empty() ? seen.elsewhere : fmt::format("reset by the {}", seen.sent_by);
    return made;
}

void add(const silence& seen, store::connection_end& to)
{
    if (seen.result == outcome::delivered)
        to.last_delivered = std::max(to.last_delivered.value_or(nanoseconds{}), seen.age);
    else if (seen.result != outcome::voided && !to.first_undelivered)
        to.first_undelivered = seen.age;
}

}  // namespace deadair::capture
