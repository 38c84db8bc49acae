#pragma once

#include <cstddef>
#include <mutex>

namespace deadair::net {

/// Memory for secrets, in places of one size: not in a core dump (MADV_DONTDUMP), not in swap
/// where the system permits that (mlock), and wiped when it is given back. What was once in use at
/// a time stays with the process. For any thread.
class secret_memory {
public:
    /// @param place  bytes of one place; not more than 4 KiB
    explicit secret_memory(std::size_t place);

    /// @return null where there is none that the system promises to keep out of core dumps
    void* take() noexcept;
    /// @param place  that `take` gave
    void give_back(void* place) noexcept;

private:
    struct free_place {
        free_place* next;
    };
    bool grow() noexcept;

    std::mutex one_at_a_time_;
    std::size_t place_;
    free_place* free_{};
};

/// What inherits this lives in such memory. Made with `new (std::nothrow)`, which may give null.
template <class T>
struct in_secret_memory {
    static void* operator new(std::size_t, const std::nothrow_t&) noexcept
    {
        return memory().take();
    }
    static void operator delete(void* place) noexcept { memory().give_back(place); }
    static void operator delete(void* place, const std::nothrow_t&) noexcept
    {
        memory().give_back(place);
    }

private:
    // Never destroyed: it may be given back to when all else is gone.
    static secret_memory& memory()
    {
        static auto& all = *new secret_memory{sizeof(T)};
        return all;
    }
};

}  // namespace deadair::net
