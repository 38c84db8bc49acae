#include "prober/record/patient_store.hpp"

#include <fmt/format.h>

#include <utility>

namespace deadair::prober {

patient_store::patient_store(store::database& into, listeners tell)
    : into_{into}, tell_{std::move(tell)}
{
}

void patient_store::add(row what)
{
    waiting_.push_back(std::move(what));
    if (waiting_.size() > waiting_max) {
        waiting_.pop_front();
        ++dropped_;
    }
    // While it fails, `flush` tries now and then; not every row has to.
    if (!failing_)
        flush();
}

bool patient_store::flush()
{
    const auto held_back = waiting_.size();
    try {
        for (; !waiting_.empty(); waiting_.pop_front())
            write(into_, waiting_.front());
    } catch (const store::store_error& problem) {
        if (!std::exchange(failing_, true))
            tell_.failed(
                fmt::format("{}; what is to be written waits, and is tried again", problem.what()));
        return false;
    }
    if (std::exchange(failing_, false))
        tell_.works_again(
            fmt::format("the database can be written again; {} rows had to wait, {} were dropped",
                        held_back, dropped_));
    return true;
}

}  // namespace deadair::prober
