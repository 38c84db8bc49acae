#include "prober/planner/part.hpp"

namespace deadair::planner {

std::string_view to_string(phase value)
{
    switch (value) {
        case phase::opening:
            return "opening";
        case phase::searching:
            return "searching";
        case phase::confirming:
            return "confirming";
        case phase::verifying:
            return "verifying";
        case phase::refreshing:
            return "keepalive test";
        case phase::ageing:
            return "age test";
        case phase::finished:
            return "finished";
    }
    return "";
}

}  // namespace deadair::planner
