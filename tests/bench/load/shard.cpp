#include "tests/bench/load/shard.hpp"

#include <fmt/format.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <deque>

#include "echo-server/transport/traffic_keys.hpp"
#include "tests/bench/load/group.hpp"
#include "tests/bench/process_figures.hpp"

namespace deadair::load {

namespace {

using namespace std::chrono_literals;

// How long answers may take after the last probe.
constexpr auto answer_max = 5s;

class shard {
public:
    shard(int parent, const options& wanted) : wanted_{wanted}, parent_{io_, parent}, pacer_{io_, 1}
    {
        whom_.pin = wanted.pin.value_or("none: any key will do");
        context_ = net::make_client_context(whom_);
        net::note_traffic_keys(context_.get());
    }

    void add(std::size_t index, std::size_t size)
    {
        auto& server = targets_.emplace_back();
        server.host = wanted_.server.address().to_string();
        server.address[address_family::ipv4] = wanted_.server.address();
        server.whom = whom_;
        server.context = context_.get();
        const auto low = static_cast<std::uint32_t>(index);
        server.from = boost::asio::ip::address_v4{0x7f010001U + (low / 250) * 256 + low % 250};
        groups_.push_back(wanted_.pin ? make_session(io_, server, wanted_, size)
                                      : make_echoes(io_, server, wanted_, size));
        for (std::size_t i = 0; i < size; ++i)
            to_probe_.emplace_back(groups_.size() - 1, i);
    }

    void run()
    {
        at_start_ = bench::figures_of(0);
        await_order();
        io_.run();
    }

private:
    void await_order()
    {
        boost::asio::async_read(parent_, boost::asio::buffer(&order_, 1),
                                [this](const boost::system::error_code& error, std::size_t) {
                                    if (error)
                                        return io_.stop();
                                    obey();
                                    await_order();
                                });
    }

    void obey()
    {
        if (order_ == order::open)
            open_next(0);
        else
            probe_all();
    }

    void report()
    {
        shard_report said;
        said.ok = true;
        const auto now = bench::figures_of(0);
        said.memory_kib = now.memory_kib - at_start_.memory_kib;
        said.cpu_ns = now.cpu_ns - at_start_.cpu_ns;
        said.probed = probed_;
        std::vector<std::int64_t> answers;
        for (const auto& each : groups_) {
            said.answered += each->answered();
            answers.insert(answers.end(), each->answer_times_ns().begin(),
                           each->answer_times_ns().end());
        }
        said.answers = bench::summarise(answers);
        said.probes = bench::summarise(late_probes_);
        said.bare = bench::summarise(late_bare_);
        boost::asio::write(parent_, boost::asio::buffer(&said, sizeof said));
    }

    // One session after the other, so that each has the machine for itself.
    void open_next(std::size_t index)
    {
        if (index == groups_.size())
            return report();
        groups_[index]->open([this, index] { open_next(index + 1); });
    }

    // Bare timers and probes take turns second by second: both see the same machine.
    void probe_all()
    {
        const auto rate = wanted_.probes_per_second;
        const auto least = (to_probe_.size() + rate - 1) / rate;
        const auto wanted = static_cast<std::size_t>(wanted_.lateness_for.count());
        turn(std::max(least, wanted));
    }

    void turn(std::size_t left)
    {
        if (left == 0)
            return await_answers(std::chrono::steady_clock::now() + answer_max);
        const auto probes = [this, left] {
            add_to(late_bare_);
            pacer_.start(
                wanted_.probes_per_second, 1s, [this] { probe_next(); },
                [this, left] {
                    add_to(late_probes_);
                    turn(left - 1);
                });
        };
        if (wanted_.lateness_for == 0s)
            return probes();
        pacer_.start(
            wanted_.probes_per_second, 1s, [] {}, probes);
    }

    void probe_next()
    {
        const auto [which, index] = to_probe_[probed_ % to_probe_.size()];
        ++probed_;
        groups_[which]->probe(index);
    }

    void add_to(std::vector<std::int64_t>& all)
    {
        const auto taken = pacer_.take();
        all.insert(all.end(), taken.begin(), taken.end());
    }

    void await_answers(std::chrono::steady_clock::time_point at_most)
    {
        std::uint64_t answered = 0;
        for (const auto& each : groups_)
            answered += each->answered();
        if (answered >= probed_ || std::chrono::steady_clock::now() > at_most)
            return report();
        pacer_.start(
            1, 50ms, [] {}, [this, at_most] { await_answers(at_most); });
    }

    const options& wanted_;
    boost::asio::io_context io_{1};
    boost::asio::posix::stream_descriptor parent_;
    order order_{};
    net::trust whom_;
    net::tls_context context_;
    std::deque<prober::target> targets_;
    std::vector<std::unique_ptr<group>> groups_;
    std::vector<std::pair<std::size_t, std::size_t>> to_probe_;  // group, index
    bench::pacer pacer_;
    bench::process_figures at_start_;
    std::uint64_t probed_{};
    std::vector<std::int64_t> late_probes_;
    std::vector<std::int64_t> late_bare_;
};

}  // namespace

void run_shard(int parent, const options& wanted, std::size_t first, std::size_t connections)
{
    shard here{parent, wanted};
    for (std::size_t index = first; connections > 0; ++index) {
        const auto size = std::min(connections, wanted.connections_per_session);
        here.add(index, size);
        connections -= size;
    }
    here.run();
}

}  // namespace deadair::load
