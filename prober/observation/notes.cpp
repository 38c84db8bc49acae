#include "prober/observation/notes.hpp"

namespace deadair::observation {

std::string_view to_string(happening value)
{
    switch (value) {
        case happening::outage_began:
            return "outage_began";
        case happening::outage_ended:
            return "outage_ended";
        case happening::open_failed:
            return "open_failed";
        case happening::server_restarted:
            return "server_restarted";
        case happening::suspended:
            return "suspended";
        case happening::bindings_survived:
            return "bindings_survived";
        case happening::bindings_lost:
            return "bindings_lost";
        case happening::bindings_in_doubt:
            return "bindings_in_doubt";
        case happening::ended_idle:
            return "ended_idle";
        case happening::disbelieved:
            return "disbelieved";
    }
    return "";
}

}  // namespace deadair::observation
