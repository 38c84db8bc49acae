#include "prober/dialogue/dialogue.hpp"

#include <fmt/format.h>

#include "prober/dialogue/bare.hpp"
#include "prober/dialogue/http.hpp"
#include "prober/dialogue/mqtt.hpp"
#include "prober/dialogue/redis.hpp"
#include "prober/dialogue/websocket.hpp"

namespace deadair::dialogue {

std::string channel_of(const fresh& own, std::string_view number)
{
    return fmt::format("deadair/{}/{}", own.stay, number);
}

std::unique_ptr<conversation> begin(language in, const words& said, fresh own)
{
    switch (in) {
        case language::http:
            return std::make_unique<http>(said);
        case language::websocket:
            return std::make_unique<websocket>(said, std::move(own));
        case language::redis:
            return std::make_unique<redis>(said, std::move(own));
        case language::mqtt:
            return std::make_unique<mqtt>(said, std::move(own));
        case language::tls:
        case language::tcp:
            break;
    }
    return std::make_unique<bare>(in == language::tls);
}

}  // namespace deadair::dialogue
