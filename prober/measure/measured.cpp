#include "prober/measure/measured.hpp"

#include <cmath>

#include "prober/watch/plan/drift.hpp"

namespace deadair::prober {

hold::settings settings_of(std::span<const recommend::recommendation> recommended)
{
    hold::settings found;
    for (const auto& each : recommended) {
        if (!each.value)
            continue;
        const auto length = from_seconds(*each.value);
        if (each.setting == recommend::setting_name::tcp_keepalive_idle)
            found.tcp_keepalive = std::chrono::floor<std::chrono::seconds>(length);
        else if (each.setting == recommend::setting_name::tcp_keepalive_interval)
            found.tcp_keepalive_interval = length;
        else if (each.setting == recommend::setting_name::tcp_keepalive_count)
            found.tcp_keepalive_count = static_cast<int>(std::lround(*each.value));
        else if (each.setting == recommend::setting_name::websocket_ping_interval)
            found.ws_ping = length;
        else if (each.setting == recommend::setting_name::idle_reconnect)
            found.idle_reconnect = length;
        else if (each.setting == recommend::setting_name::max_connection_age)
            found.max_age = length;
    }
    return found;
}

std::optional<measured> read_measured(const store::database& from, store::run_id which)
{
    const auto ages = watch_plan::timeouts_of(from.findings(which));
    if (!ages)
        return std::nullopt;
    return measured{.run = which,
                    .settings = settings_of(from.recommendations(which)),
                    .shortest = ages->shortest,
                    .longest = ages->longest};
}

}  // namespace deadair::prober
