// Does writing down delay probes? Bare timers run alone and beside 1,000 outcomes a second, by
// turns of a second, in one loop, with the ledger of a run.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "prober/record/ledger.hpp"
#include "tests/bench/lateness.hpp"

namespace deadair::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t rate = 1000;

class recording {
public:
    recording(const std::filesystem::path& file, int turns)
        : database_{store::database::open(file)}, turns_{turns}
    {
        store::run begun;
        begun.label = "bench";
        begun.started_at = "2026-01-01T00:00:00.000Z";
        store::connection opened;
        opened.run = database_.begin_run(begun);
        opened.connection_id = 1;
        database_.add(opened);
        record_.emplace(io_, database_.file(), prober::record::listeners{}, prober::patience{});
        ledger_.emplace(*record_, opened.run);
        outcome_.connection = 1;
        outcome_.idle_age = 300s;
        outcome_.sent = 400s;
        outcome_.round_trip = 20ms;
    }

    void go()
    {
        alone();
        io_.run();
        auto bare = summarise(alone_);
        auto beside = summarise(beside_);
        fmt::print("outcomes={} kept={}\n", outcome_.probe, kept_);
        fmt::print("alone_late_us p50={:.0f} p99={:.0f} max={:.0f}\n", bare.p50_us, bare.p99_us,
                   bare.max_us);
        fmt::print("recording_late_us p50={:.0f} p99={:.0f} max={:.0f}\n", beside.p50_us,
                   beside.p99_us, beside.max_us);
    }

private:
    void alone()
    {
        if (turns_-- == 0)
            return;
        timers_.start(
            rate, 1s, [] {},
            [this] {
                add_to(alone_);
                beside();
            });
    }

    void beside()
    {
        left_ = 2;
        const auto next = [this] {
            if (--left_ == 0) {
                add_to(beside_);
                alone();
            }
        };
        timers_.start(
            rate, 1s, [] {}, next);
        writer_.start(
            rate, 1s, [this] { write_down(); }, next);
    }

    void write_down()
    {
        ++outcome_.probe;
        ledger_->settled(outcome_, outcome::delivered, 400s);
        ledger_->when_kept([this] { ++kept_; });
    }

    void add_to(std::vector<std::int64_t>& all)
    {
        const auto taken = timers_.take();
        all.insert(all.end(), taken.begin(), taken.end());
    }

    boost::asio::io_context io_{1};
    store::database database_;
    std::optional<prober::record> record_;
    std::optional<prober::ledger> ledger_;
    prober::flight outcome_;
    std::uint32_t kept_{};
    int turns_;
    int left_{};
    pacer timers_{io_, 1};
    pacer writer_{io_, 2};
    std::vector<std::int64_t> alone_;
    std::vector<std::int64_t> beside_;
};

}  // namespace
}  // namespace deadair::bench

int main(int argc, char** argv)
{
    if (argc != 3) {
        fmt::print(stderr, "usage: bench-recording NEW-DATABASE SECONDS\n");
        return 2;
    }
    deadair::bench::recording{argv[1], std::atoi(argv[2]) / 2}.go();
    return 0;
}
