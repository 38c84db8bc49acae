#include "echo-server/processes.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <vector>

namespace deadair::echo_server {

namespace {

void tell(const std::vector<pid_t>& all, int signal)
{
    for (const auto each : all)
        ::kill(each, signal);
}

// Takes leave of those that have ended; says whether all went well.
bool reap(std::vector<pid_t>& all)
{
    bool well = true;
    int status = 0;
    for (auto ended = ::waitpid(-1, &status, WNOHANG); ended > 0;
         ended = ::waitpid(-1, &status, WNOHANG)) {
        std::erase(all, ended);
        well = well && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return well;
}

exit_code supervise(std::vector<pid_t> all, const sigset_t& awaited, log& to)
{
    bool stopping = false;
    auto result = exit_code::done;
    while (!all.empty()) {
        const int signal = ::sigwaitinfo(&awaited, nullptr);
        if (signal == SIGCHLD) {
            const bool well = reap(all);
            if (!well || (!stopping && !all.empty())) {
                to.write(log_level::error, "event=process_ended advice=\"all end; start again\"");
                result = exit_code::failed;
                tell(all, SIGTERM);
                stopping = true;
            }
        } else if (signal > 0) {
            stopping = stopping || signal != SIGHUP;
            tell(all, signal);
        }
    }
    return result;
}

}  // namespace

exit_code run_processes(std::size_t count, log& to,
                        const std::function<exit_code(std::size_t)>& work)
{
    if (count == 1)
        return work(0);
    sigset_t awaited;
    sigset_t before;
    ::sigemptyset(&awaited);
    for (const int each : {SIGHUP, SIGINT, SIGTERM, SIGCHLD})
        ::sigaddset(&awaited, each);
    ::sigprocmask(SIG_BLOCK, &awaited, &before);
    std::vector<pid_t> all;
    for (std::size_t index = 0; index < count; ++index) {
        const auto child = ::fork();
        if (child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);
            ::sigprocmask(SIG_SETMASK, &before, nullptr);
            return work(index);
        }
        if (child < 0) {
            tell(all, SIGTERM);
            throw std::runtime_error("the system lets us have no more processes; use fewer");
        }
        all.push_back(child);
    }
    return supervise(std::move(all), awaited, to);
}

}  // namespace deadair::echo_server
