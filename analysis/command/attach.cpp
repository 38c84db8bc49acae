#include "analysis/command/attach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "analysis/host/address.hpp"
#include "analysis/words/moment.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

using namespace std::chrono_literals;

// Two clocks of one host, and a handshake.
constexpr nanoseconds opened_together = 5s;

using ports = std::pair<std::uint16_t, std::uint16_t>;  // client, server

class run_connections {
public:
    run_connections(const store::database& from, const store::run& which)
        : start_{since_epoch(which.started_at).value_or(0ns)}
    {
        for (const auto& each : from.connections(which.id)) {
            by_ports_.emplace(ports{each.local_port, each.on.server_port}, each);
            // Behind a NAT the far end sees another port.
            if (each.seen_port != 0 && each.seen_port != each.local_port)
                by_ports_.emplace(ports{each.seen_port, each.on.server_port}, each);
        }
    }

    std::optional<std::uint32_t> number_of(const capture::conversation& talk) const
    {
        const auto [first, last] = by_ports_.equal_range({talk.client().port, talk.server().port});
        for (auto each = first; each != last; ++each) {
            const auto apart = std::chrono::abs(talk.first_at() - start_ - each->second.opened);
            if (talk.begun_before() || apart < opened_together)
                return each->second.connection_id;
        }
        return std::nullopt;
    }
    std::size_t size() const { return by_ports_.size(); }
    nanoseconds start() const { return start_; }

private:
    nanoseconds start_;
    std::multimap<ports, store::connection> by_ports_;
};

std::string line_of(const capture::conversation& talk, std::uint32_t number,
                    const capture::silence& seen)
{
    const bool by_server = seen.way == direction::to_client;
    return fmt::format(
        "TCP {} to {}, connection {}: last packet that passed {}; first that did not {}, of the "
        "{}, "
        "after {} of silence; {}\n",
        host::to_string(talk.client()), host::to_string(talk.server()), number,
        utc_text(seen.broken_at - seen.age), utc_text(seen.broken_at),
        by_server ? "server" : "client", format_duration(seen.age),
        seen.result == outcome::reset
            ? std::string{"answered with a reset"}
            : fmt::format("sent {} times until {}", seen.unanswered, utc_text(seen.settled_at)));
}

}  // namespace

std::string attach(store::database& to, const store::run& which,
                   std::span<const capture::conversation* const> seen)
{
    const run_connections of{to, which};
    std::size_t shown = 0;
    std::size_t dead = 0;
    nanoseconds last{};
    std::string lines;
    for (const auto* each : seen) {
        const auto number = of.number_of(*each);
        if (!number)
            continue;
        ++shown;
        last = std::max(last, each->last_at());
        for (const auto& silence : each->silences())
            if (silence.result == outcome::lost || silence.result == outcome::reset) {
                ++dead;
                lines += line_of(*each, *number, silence);
            }
    }
    if (shown == 0)
        throw usage_error(fmt::format(
            "the capture shows no silent connection of run {}; take it on the prober's or the echo "
            "server's host while the run goes on, with no filter but the server's port",
            which.id));
    auto sentence = fmt::format(
        "a capture shows {} of the run's {} connections, and {} messages that did not pass", shown,
        of.size(), dead);
    to.add(store::evidence{.run = which.id,
                           .at = last - of.start(),
                           .moment = store::evidence_moment::asked,
                           .part = "capture",
                           .detail = lines.empty() ? sentence + "\n" : lines,
                           .stands_out = {sentence}});
    return sentence;
}

}  // namespace deadair::command
