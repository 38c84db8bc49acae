#pragma once

namespace deadair::store {

/// While one of these lives, its thread runs a loop that must not wait: a disk, or another
/// program's lock, would keep probes from their time. Whatever would speak SQL on that thread
/// meanwhile throws std::logic_error; `recorder` has a thread of its own for it.
class loop_thread {
public:
    loop_thread();
    ~loop_thread();
    loop_thread(const loop_thread&) = delete;
    loop_thread& operator=(const loop_thread&) = delete;

    /// @throws std::logic_error on a thread that has one
    static void refuse_to_wait();

private:
    bool before_;  // of a loop within a loop
};

}  // namespace deadair::store
