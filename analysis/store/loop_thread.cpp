#include "analysis/store/loop_thread.hpp"

#include <stdexcept>
#include <utility>

namespace deadair::store {

namespace {

thread_local bool runs_a_loop = false;

}  // namespace

loop_thread::loop_thread() : before_{std::exchange(runs_a_loop, true)} {}

loop_thread::~loop_thread()
{
    runs_a_loop = before_;
}

void loop_thread::refuse_to_wait()
{
    if (runs_a_loop)
        throw std::logic_error("the database was to be asked by a thread that must not wait");
}

}  // namespace deadair::store
