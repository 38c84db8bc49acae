// Splits the load over processes, gives the orders, and puts the reports together.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "analysis/words/exit_code.hpp"
#include "analysis/words/program.hpp"
#include "tests/bench/load/shard.hpp"
#include "tests/bench/process_figures.hpp"

namespace deadair::load {
namespace {

struct child {
    pid_t pid{};
    int socket{};
};

void raise_file_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

child start_shard(const options& wanted, std::size_t first, std::size_t connections)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::runtime_error("there is no socket for a shard");
    const auto pid = ::fork();
    if (pid != 0) {
        ::close(ends[1]);
        return {.pid = pid, .socket = ends[0]};
    }
    ::close(ends[0]);
    try {
        run_shard(ends[1], wanted, first, connections);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "deadair-load: {}\n", problem.what());
        ::_exit(1);
    }
    ::_exit(0);
}

// Each shard has whole sessions, so that no two share a source address.
std::vector<child> start_shards(const options& wanted)
{
    const auto each = wanted.connections_per_session;
    const auto sessions = (wanted.connections + each - 1) / each;
    std::vector<child> shards;
    std::size_t begun = 0;
    for (std::size_t i = 0; i < wanted.processes; ++i) {
        const auto end = sessions * (i + 1) / wanted.processes;
        const auto most = std::min(end * each, wanted.connections);
        if (begun * each < most)
            shards.push_back(start_shard(wanted, begun, most - begun * each));
        begun = end;
    }
    return shards;
}

// Gives all shards the order, waits for all, and adds their reports up.
shard_report tell(const std::vector<child>& shards, order what)
{
    for (const auto& each : shards)
        if (::write(each.socket, &what, 1) != 1)
            return {};
    shard_report sum;
    sum.ok = true;
    for (const auto& each : shards) {
        shard_report one;
        if (::recv(each.socket, &one, sizeof one, MSG_WAITALL) != ssize_t{sizeof one})
            return {};
        sum.memory_kib += one.memory_kib;
        sum.cpu_ns += one.cpu_ns;
        sum.probed += one.probed;
        sum.answered += one.answered;
        if (one.probes.p99_us >= sum.probes.p99_us) {  // the worst shard speaks for all
            sum.probes = one.probes;
            sum.bare = one.bare;
            sum.answers = one.answers;
        }
    }
    return sum;
}

bench::process_figures servers(const options& wanted)
{
    bench::process_figures sum;
    for (const auto pid : wanted.server_pids) {
        const auto one = bench::figures_of(pid);
        sum.memory_kib += one.memory_kib;
        sum.cpu_ns += one.cpu_ns;
        sum.wake_ups += one.wake_ups;
    }
    return sum;
}

double seconds_since(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

bool measure(const options& wanted, const std::vector<child>& shards)
{
    const auto per_connection = [&](std::int64_t value) {
        return static_cast<double>(value) / static_cast<double>(wanted.connections);
    };
    const auto empty = servers(wanted);
    const auto begin = std::chrono::steady_clock::now();
    const auto opened = tell(shards, order::open);
    if (!opened.ok)
        return false;
    const auto full = servers(wanted);
    fmt::print("transport={} connections={} processes={}\n", to_string(wanted.kind),
               wanted.connections, shards.size());
    fmt::print("open_s={:.2f} client_cpu_us_per_connection={:.0f}", seconds_since(begin),
               per_connection(opened.cpu_ns) / 1e3);
    fmt::print(" client_kib_per_connection={:.2f}\n", per_connection(opened.memory_kib));
    if (!wanted.server_pids.empty())
        fmt::print("server_kib_per_connection={:.2f} server_cpu_us_per_connection={:.0f}\n",
                   per_connection(full.memory_kib - empty.memory_kib),
                   per_connection(full.cpu_ns - empty.cpu_ns) / 1e3);
    std::fflush(stdout);
    // The connections stay idle for as long as was asked.
    std::this_thread::sleep_for(wanted.hold);  // what idling costs is what is measured
    const auto held = servers(wanted);
    if (!wanted.server_pids.empty())
        fmt::print("hold_s={} server_cpu_ms_held={:.2f} server_wake_ups_held={}\n",
                   wanted.hold.count(), static_cast<double>(held.cpu_ns - full.cpu_ns) / 1e6,
                   held.wake_ups - full.wake_ups);
    const auto probed = tell(shards, order::probe);
    if (!probed.ok)
        return false;
    const auto after = servers(wanted);
    fmt::print("probed={} answered={}\n", probed.probed, probed.answered);
    fmt::print("probe_late_us p50={:.0f} p99={:.0f} max={:.0f}\n", probed.probes.p50_us,
               probed.probes.p99_us, probed.probes.max_us);
    if (wanted.pin)
        fmt::print("answer_us p50={:.0f} p99={:.0f} max={:.0f}\n", probed.answers.p50_us,
                   probed.answers.p99_us, probed.answers.max_us);
    if (wanted.lateness_for.count() > 0)
        fmt::print("bare_timer_late_us p50={:.0f} p99={:.0f} max={:.0f}\n", probed.bare.p50_us,
                   probed.bare.p99_us, probed.bare.max_us);
    if (!wanted.server_pids.empty())
        fmt::print("server_kib_per_connection_after_probes={:.2f}\n",
                   per_connection(after.memory_kib - empty.memory_kib));
    fmt::print("client_kib_per_connection_after_probes={:.2f}\n",
               per_connection(probed.memory_kib));
    return probed.answered == probed.probed;
}

bool run(const options& wanted)
{
    raise_file_limit();
    const auto shards = start_shards(wanted);
    const bool good = measure(wanted, shards);
    for (const auto& each : shards)
        ::close(each.socket);
    for (const auto& each : shards)
        ::waitpid(each.pid, nullptr, 0);
    if (!good)
        fmt::print(stderr, "deadair-load: not every connection opened and answered\n");
    return good;
}

}  // namespace
}  // namespace deadair::load

int main(int argc, char** argv)
{
    using namespace deadair;
    return run_program("deadair-load", [&] {
        const auto wanted = load::parse_options(argc, argv);
        return !wanted || load::run(*wanted) ? exit_code::done : exit_code::failed;
    });
}
