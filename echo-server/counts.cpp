#include "echo-server/counts.hpp"

#include <fmt/format.h>

#include <iterator>

namespace deadair::echo_server {

namespace {

class page {
public:
    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        fmt::format_to(std::back_inserter(text_),
                       "# TYPE deadair_{0} {1}\n# HELP deadair_{0} {2}\n", name, type, help);
    }
    template <class Value>
    void sample(std::string_view name, Value value, std::string_view label = {},
                std::string_view label_value = {})
    {
        if (label.empty())
            fmt::format_to(std::back_inserter(text_), "deadair_{} {}\n", name, value);
        else
            fmt::format_to(std::back_inserter(text_), "deadair_{}{{{}=\"{}\"}} {}\n", name, label,
                           label_value, value);
    }
    void counter(std::string_view name, std::string_view help, std::uint64_t value)
    {
        family(name, "counter", help);
        sample(fmt::format("{}_total", name), value);
    }
    std::string finish()
    {
        text_ += "# EOF\n";
        return std::move(text_);
    }

private:
    std::string text_;
};

void put_now(page& to, const server_counts& counts, const gauges& now)
{
    to.family("sessions", "gauge", "Probers that are here, or were within the last two minutes.");
    to.sample("sessions", now.sessions);
    to.family("strangers", "gauge", "Connections that have proven nothing yet.");
    to.sample("strangers", now.strangers);
    to.family("connections", "gauge", "Connections that were let in.");
    for (const auto kind : {transport::tcp, transport::tls, transport::ws, transport::wss})
        to.sample("connections", counts.connections[static_cast<std::size_t>(kind)], "transport",
                  to_string(kind));
}

void put_trust(page& to, const server_counts& counts)
{
    to.family("refused", "counter", "Hellos and joins that were answered with a refusal.");
    for (const auto& [why, count] : counts.refused)
        to.sample("refused_total", count, "reason", wire::to_string(why));
    to.family("farewells", "counter", "Connections that the server ended, and why.");
    for (std::size_t i = 0; i < farewell_count; ++i)
        to.sample("farewells_total", counts.farewells[i], "reason",
                  to_string(static_cast<farewell>(i)));
    to.counter("tokens_read", "Times the token file was read.", counts.tokens_read);
    to.counter("certificates_read", "Times another certificate was taken up.",
               counts.certificates_read);
}

void put_work(page& to, const server_counts& counts)
{
    to.family("probes", "counter", "Probes that were sent to a client, or arrived from one.");
    to.sample("probes_total", counts.spoken, "direction", "to_client");
    to.sample("probes_total", counts.received, "direction", "to_server");
    to.family("bytes", "counter", "Bytes in TCP's payload, TLS included.");
    to.sample("bytes_total", counts.bytes_received, "direction", "received");
    to.sample("bytes_total", counts.bytes_sent, "direction", "sent");
}

void put_lateness(page& to, const histogram& late)
{
    to.family("loop_lateness_seconds", "histogram",
              "How long what was ready waited until the loop came to it.");
    for (std::size_t i = 0; i < histogram::bounds_s.size(); ++i)
        to.sample("loop_lateness_seconds_bucket", late.within(i), "le",
                  fmt::format("{}", histogram::bounds_s[i]));
    to.sample("loop_lateness_seconds_bucket", late.count(), "le", "+Inf");
    to.sample("loop_lateness_seconds_count", late.count());
    to.sample("loop_lateness_seconds_sum", late.sum_s());
}

void put_turns(page& to, const turn_figures& turns)
{
    to.counter("turns", "Turns of the loop; while one lasts, everybody else waits.", turns.count);
    to.counter("long_turns", "Of them, those that took more than 5 ms of processor time.",
               turns.long_ones);
    to.family("longest_turn_seconds", "gauge", "The longest turn since the start.");
    to.sample("longest_turn_seconds", std::chrono::duration<double>(turns.longest).count());
}

}  // namespace

std::string_view to_string(farewell value)
{
    constexpr std::array<std::string_view, farewell_count> names{
        "address_limit", "connection_limit", "made_room", "too_slow",
        "broken",        "over_rate",        "revoked"};
    return names.at(static_cast<std::size_t>(value));
}

void histogram::add(std::chrono::nanoseconds value)
{
    const double seconds = std::chrono::duration<double>(value).count();
    ++count_;
    sum_s_ += seconds;
    for (std::size_t i = 0; i < bounds_s.size(); ++i)
        if (seconds <= bounds_s[i])
            ++within_[i];
}

std::string to_openmetrics(const server_counts& counts, const gauges& now)
{
    page to;
    put_now(to, counts, now);
    to.counter("accepted", "Connections that were accepted.", counts.accepted);
    to.counter("sessions_begun", "Sessions that began.", counts.sessions_begun);
    to.counter("sessions_resumed", "Sessions that were taken up again.", counts.sessions_resumed);
    to.counter("joins", "Connections that joined a session.", counts.joined);
    put_trust(to, counts);
    put_work(to, counts);
    put_lateness(to, counts.loop_lateness);
    put_turns(to, counts.turns);
    return to.finish();
}

}  // namespace deadair::echo_server
