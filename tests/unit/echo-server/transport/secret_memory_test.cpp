#include "echo-server/transport/secret_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace deadair::net {
namespace {

// What the kernel says of the memory around an address (proc(5), smaps), as one line of flags.
std::string flags_of(const void* place)
{
    std::ifstream maps{"/proc/self/smaps"};
    const auto at = reinterpret_cast<std::uintptr_t>(place);
    bool here = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        char dash = 0;
        std::istringstream words{line};
        if (words >> std::hex >> from >> dash >> to && dash == '-')
            here = from <= at && at < to;
        else if (here && line.starts_with("VmFlags:"))
            return line + ' ';
    }
    return {};
}

TEST(secret_memory, is_left_out_of_core_dumps)
{
    secret_memory memory{100};
    void* const place = memory.take();
    ASSERT_NE(place, nullptr);
    EXPECT_NE(flags_of(place).find(" dd "), std::string::npos) << flags_of(place);
    memory.give_back(place);
}

TEST(secret_memory, is_wiped_when_it_is_given_back_and_then_used_again)
{
    secret_memory memory{64};
    auto* const place = static_cast<unsigned char*>(memory.take());
    std::fill_n(place, 64, 0xaa);
    memory.give_back(place);
    EXPECT_EQ(std::ranges::count(std::span{place, 64}, 0xaa), 0);
    EXPECT_EQ(memory.take(), place);
    memory.give_back(place);
}

TEST(secret_memory, gives_no_place_twice)
{
    secret_memory memory{100};
    std::set<void*> taken;
    for (int i = 0; i < 5000; ++i)
        EXPECT_TRUE(taken.insert(memory.take()).second);
    for (void* each : taken)
        memory.give_back(each);
}

}  // namespace
}  // namespace deadair::net
