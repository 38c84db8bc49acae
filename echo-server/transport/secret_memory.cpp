#include "echo-server/transport/secret_memory.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>

#include <algorithm>

namespace deadair::net {

namespace {

// Some hundred places; a whole number of pages.
constexpr std::size_t block_size = std::size_t{64} * 1024;

}  // namespace

secret_memory::secret_memory(std::size_t place)
    : place_{(std::max(place, sizeof(free_place)) + alignof(std::max_align_t) - 1) /
             alignof(std::max_align_t) * alignof(std::max_align_t)}
{
}

void* secret_memory::take() noexcept
{
    const std::lock_guard alone{one_at_a_time_};
    if (free_ == nullptr && !grow())
        return nullptr;
    auto* const taken = free_;
    free_ = taken->next;
    return taken;
}

void secret_memory::give_back(void* place) noexcept
{
    if (place == nullptr)
        return;
    OPENSSL_cleanse(place, place_);
    const std::lock_guard alone{one_at_a_time_};
    free_ = new (place) free_place{free_};
}

bool secret_memory::grow() noexcept
{
    void* const block =
        ::mmap(nullptr, block_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        return false;
    if (::madvise(block, block_size, MADV_DONTDUMP) != 0) {
        ::munmap(block, block_size);
        return false;
    }
    // RLIMIT_MEMLOCK may forbid it; then it is as safe from swap as OpenSSL's own keys are.
    (void)::mlock(block, block_size);
    auto* const bytes = static_cast<std::byte*>(block);
    for (std::size_t at = block_size / place_ * place_; at > 0; at -= place_)
        free_ = new (bytes + at - place_) free_place{free_};
    return true;
}

}  // namespace deadair::net
