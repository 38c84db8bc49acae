#include "analysis/words/program.hpp"

#include <fmt/format.h>

#include "analysis/words/exit_error.hpp"
#include "analysis/words/printable.hpp"

namespace deadair {

int run_program(const char* name, const std::function<exit_code()>& work)
{
    const auto tell = [&](const std::exception& problem, exit_code code) {
        fmt::print(stderr, "{}: {}\n", name, printable(problem.what()));
        return static_cast<int>(code);
    };
    try {
        return static_cast<int>(work());
    } catch (const exit_error& problem) {
        return tell(problem, problem.code());
    } catch (const std::exception& problem) {
        return tell(problem, exit_code::failed);
    }
}

}  // namespace deadair
