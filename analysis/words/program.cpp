#include "analysis/words/program.hpp"

#include <fmt/format.h>

#include "analysis/words/exit_error.hpp"
#include "analysis/words/printable.hpp"

#ifdef DEADAIR_STATIC
#include <nss.h>
#endif

namespace deadair {

namespace {

// A program without shared libraries must not load the modules that nsswitch.conf names: they are
// made for another C library. Files and DNS it knows by itself.
void keep_to_files_and_dns()
{
#ifdef DEADAIR_STATIC
    __nss_configure_lookup("hosts", "files dns");
    for (const char* of : {"services", "protocols", "passwd", "group"})
        __nss_configure_lookup(of, "files");
#endif
}

}  // namespace

int run_program(const char* name, const std::function<exit_code()>& work)
{
    const auto tell = [&](const std::exception& problem, exit_code code) {
        fmt::print(stderr, "{}: {}\n", name, printable(problem.what()));
        return static_cast<int>(code);
    };
    keep_to_files_and_dns();
    try {
        return static_cast<int>(work());
    } catch (const exit_error& problem) {
        return tell(problem, problem.code());
    } catch (const std::exception& problem) {
        return tell(problem, exit_code::failed);
    }
}

}  // namespace deadair
