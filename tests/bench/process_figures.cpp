#include "tests/bench/process_figures.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace deadair::bench {

process_figures figures_of(int pid)
{
    const std::filesystem::path folder = fmt::format("/proc/{}", pid == 0 ? ::getpid() : pid);
    process_figures found;
    std::ifstream status{folder / "status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            found.memory_kib = std::stol(line.substr(8));
    if (!status.eof())
        throw std::runtime_error(fmt::format("there is no process {}", pid));
    for (const auto& thread : std::filesystem::directory_iterator{folder / "task"}) {
        std::ifstream schedule{thread.path() / "schedstat"};
        std::int64_t on_cpu = 0;
        std::int64_t waited = 0;
        std::int64_t turns = 0;
        schedule >> on_cpu >> waited >> turns;
        found.cpu_ns += on_cpu;
        found.wake_ups += turns;
    }
    return found;
}

}  // namespace deadair::bench
