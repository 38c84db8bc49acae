#include "prober/record/path_samples.hpp"

#include "analysis/host/counters.hpp"

namespace deadair::prober {

namespace {

constexpr std::chrono::minutes interval{1};

double microseconds(nanoseconds value)
{
    return to_seconds(value) * 1e6;
}

}  // namespace

path_samples::path_samples(boost::asio::io_context& io, const run_clock& clock, stay_sockets& of,
                           ledger& into)
    : clock_{clock}, ends_{of}, into_{into}, timer_{io}
{
}

void path_samples::start()
{
    sample();
    wait();
}

void path_samples::finish()
{
    timer_.cancel();
    sample();
}

void path_samples::wait()
{
    timer_.expires_after(interval);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        sample();
        wait();
    });
}

void path_samples::sample()
{
    const auto now = clock_.now();
    into_.sampled(now, "host", host::tcp_counters());
    into_.sampled(now, "control", ends_.control_facts());
    const auto* const seen = ends_.beats();
    if (seen == nullptr)
        return;
    const std::vector<path_quality::counter> beats{
        {"sent_heartbeats", double(seen->sent_count())},
        {"answered_heartbeats", double(seen->answered_count())},
        {"late_to_server_heartbeats", double(seen->to_server().late)},
        {"late_to_client_heartbeats", double(seen->to_client().late)},
        {"jitter_to_server_us", microseconds(seen->to_server().jitter)},
        {"jitter_to_client_us", microseconds(seen->to_client().jitter)}};
    into_.sampled(now, "control", beats);
}

}  // namespace deadair::prober
