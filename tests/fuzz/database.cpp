// A file that says it is a results file.
#include <unistd.h>

#include <array>
#include <fstream>

#include "analysis/analyse.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

std::filesystem::path scratch()
{
    static const auto folder = [] {
        std::string pattern = "/tmp/deadair-fuzz-XXXXXX";
        return std::filesystem::path{mkdtemp(pattern.data())};
    }();
    return folder / "results.db";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace deadair;
    const auto file = scratch();
    for (const auto* rest : {"-wal", "-shm", "-journal"})
        std::filesystem::remove(file.string() + rest);
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(data),
                                                static_cast<std::streamsize>(size));
    try {
        auto from = store::database::open_existing(file);
        for (const auto& each : from.runs())
            analyse(from, each.id, from.conditions(each.id));
    } catch (const store::store_error&) {
        // One sentence for people is what such a file is owed.
    }
    return 0;
}
