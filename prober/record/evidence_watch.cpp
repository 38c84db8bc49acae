#include "prober/record/evidence_watch.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 50ms;
constexpr nanoseconds end_takes_at_most = 2s;

}  // namespace

store::evidence row_of(evidence::part found, store::evidence_moment when, nanoseconds at)
{
    return {.at = at,
            .moment = when,
            .part = std::move(found.name),
            .available = found.available,
            .detail = std::move(found.text),
            .stands_out = std::move(found.notes)};
}

/// One gathering, under way on its thread.
struct evidence_watch::errand {
    /// What the thread shares with the loop. It outlives the errand if the thread does.
    struct shared {
        std::mutex mutex;
        std::vector<evidence::part> ready;
        bool over{};
        std::atomic<bool> abandoned{};
        std::atomic<bool> looks_up{};

        void put(evidence::part found)
        {
            const std::scoped_lock hold{mutex};
            ready.push_back(std::move(found));
        }
    };

    errand(const settings& what, bool hops) : with{std::make_shared<shared>()}
    {
        thread = std::thread{[with = with, what, hops] { gather(*with, what, hops); }};
    }

    // Nothing but a lookup waits for longer than a second, and nobody can end that.
    ~errand()
    {
        with->abandoned = true;
        if (with->looks_up)
            thread.detach();
        else
            thread.join();
    }
    errand(const errand&) = delete;
    errand& operator=(const errand&) = delete;

    static void gather(shared& with, const settings& what, bool hops)
    {
        const auto go_on = [&with] { return !with.abandoned; };
        evidence::short_form(
            {.server = what.direct, .hops = hops},
            [&with](evidence::part found) { with.put(std::move(found)); }, go_on);
        if (what.direct && what.direct->host != what.named.host) {
            with.looks_up = true;
            if (go_on())
                with.put(evidence::lookup(what.named));
        }
        const std::scoped_lock hold{with.mutex};
        with.over = true;
    }

    std::shared_ptr<shared> with;
    std::thread thread;
};

evidence_watch::settings evidence_watch::settings_of(const server_options& wanted,
                                                     const target& server)
{
    evidence::url named{.host = wanted.host, .port = wanted.ports.front(), .websocket = true};
    settings what{.named = named, .direct = {}};
    if (!server.through) {
        const auto& [family, address] = *server.address.begin();
        what.named.family = family;
        what.direct = named;
        what.direct->host = address.to_string();
    }
    return what;
}

evidence_watch::evidence_watch(boost::asio::io_context& io, std::optional<settings> what,
                               const run_clock& clock)
    : what_{std::move(what)}, clock_{clock}, timer_{io}
{
}

evidence_watch::~evidence_watch() = default;

void evidence_watch::start(ledger& into)
{
    if (!what_)
        return;
    into_ = &into;
    begin(store::evidence_moment::start);
}

void evidence_watch::finish(std::function<void()> then)
{
    if (into_ == nullptr)
        return then();
    then_ = std::move(then);
    wait_until_ = clock_.now() + end_takes_at_most;
    begin(store::evidence_moment::end);
}

// How the path looks hop by hop takes longest, and is asked once.
void evidence_watch::begin(store::evidence_moment when)
{
    moment_ = when;
    errand_ = std::make_unique<errand>(*what_, when == store::evidence_moment::start);
    wait();
}

void evidence_watch::wait()
{
    timer_.expires_after(look_every);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            look();
    });
}

void evidence_watch::look()
{
    bool over = false;
    std::vector<evidence::part> ready;
    {
        const std::scoped_lock hold{errand_->with->mutex};
        ready = std::exchange(errand_->with->ready, {});
        over = errand_->with->over;
    }
    for (auto& each : ready)
        into_->keep(row_of(std::move(each), moment_, clock_.now()));
    if (!over && clock_.now() < wait_until_)
        return wait();
    errand_.reset();
    if (then_)
        std::exchange(then_, nullptr)();
}

}  // namespace deadair::prober
