#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/host/tcp_samples.hpp"
#include "analysis/sockets/summary.hpp"
#include "prober/evidence/redact.hpp"
#include "prober/observe/book.hpp"
#include "prober/observe/ration.hpp"
#include "prober/session/run_clock.hpp"
#include "prober/show/progress.hpp"
#include "prober/task.hpp"

namespace deadair::prober::observe {

/// How it goes.
struct observe_progress final : shown {
    nanoseconds elapsed{};
    std::size_t followed{};    ///< connections
    std::size_t unanswered{};  ///< of them, those whose last words got no answer for seconds
    std::size_t lived{};       ///< silences
    std::size_t died{};
    std::vector<std::string> groups;  ///< a sentence each, those that tell most first

    nanoseconds at() const override { return elapsed; }
    std::vector<std::string> live_lines(std::size_t width) const override;
    std::string plain_line() const override;
    std::string json_line() const override;
};

/// Looks at this host's own connections every second, and writes down what their silences proved.
/// Sends nothing to anybody.
class observer final : public task {
public:
    struct settings {
        std::optional<nanoseconds> lasting;  ///< none: until it is interrupted
        nanoseconds silence_min{};
        bool redact{};           ///< addresses are masked before anything is written
        store::run description;  ///< of each run, but for its server
        /// The kernel; a test has connections of its own.
        std::function<void(const host::clock_reading&, std::vector<sockets::sample>&)> read{
            &host::read_samples};
    };
    /// @param into  outlives it, as does `show`
    /// @throws std::system_error where the kernel does not tell of connections
    observer(boost::asio::io_context& io, settings how, record& into, progress& show);
    ~observer() override;

    /// Those that it made, once it is over.
    std::vector<store::run_id> runs() const { return book_.runs(); }
    /// "python3 → 198.51.100.7:443: silences up to …", those that tell most first.
    std::vector<std::string> sentences() const;
    /// Servers for which there was no room.
    std::size_t left_out() const { return book_.left_out(); }

private:
    struct owner {
        std::string process;
        std::optional<sockets::keepalive_seen> keepalive;
    };
    using group_name = std::pair<std::string, std::string>;  // process, what it speaks to

    // task
    void begin() override;
    void draw() override;
    void wind_up() override;
    void halt() override;
    bool hangs() const override { return into_.failing(); }

    void look();
    void look_on(nanoseconds after);
    void listen_for_ends();
    void name_owners();
    void take_what_is_told();
    void keep(const sockets::told& seen);
    std::string process_of(const sockets::identity& whose) const;
    void sum_up(const sockets::told& seen);
    void finish(store::run_state state);
    std::string masked(const std::string& text) { return with_.redact ? mask_(text) : text; }

    settings with_;
    record& into_;
    progress& show_;
    run_clock clock_;
    sleep_watch sleep_;
    host::clock_reading now_{[this] { return clock_.now(); }};
    std::vector<sockets::sample> samples_;
    sockets::onlooker onlooker_;
    book book_;
    ration looks_;
    ration namings_;
    nanoseconds naming_due_{};
    std::unordered_map<std::uint64_t, owner> owners_;  // by cookies
    std::vector<sockets::told> unnamed_;               // whose processes are not known yet
    std::map<group_name, sockets::summary> groups_;
    evidence::redactor mask_;
    host::tcp_ends ends_;
    boost::asio::posix::stream_descriptor ends_wait_;
    boost::asio::steady_timer look_timer_;
    observe_progress told_;
    bool told_anew_{true};  // the groups' sentences are to be written again
};

}  // namespace deadair::prober::observe
