#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/store/upload.hpp"
#include "echo-server/transport/bulk_sender.hpp"
#include "echo-server/transport/socket.hpp"
#include "prober/observation/silence.hpp"
#include "prober/session/connection.hpp"
#include "prober/session/control.hpp"
#include "prober/uploads/plan/schedule.hpp"
#include "prober/uploads/plan/stall.hpp"

namespace deadair::prober::uploads {

/// How a transfer ended.
struct ending {
    transfer_outcome result{};
    nanoseconds at{};
    std::string noticed_by{};  ///< who told the writer: "kernel", "socket_timeout", or nobody
    std::string doubt{};       ///< why it is void
};

/// One trial under way: its connection, and what the kernel says of it. Decides nothing.
class transfer {
public:
    transfer(const trial& what, const plan& of, const run_clock& clock, connection_events& owner);

    void open(boost::asio::io_context& io, const target& server, const wire::ticket& admission);
    /// The connection is there; its silence begins.
    void joined();
    /// When the transfer is to begin; nothing before it has joined.
    std::optional<nanoseconds> due() const { return due_; }
    /// Begins it. @return why not, if the silence before was none.
    std::string begin(control& over);
    bool moving() const { return begun_ != nanoseconds{}; }

    void drained();
    void received(std::size_t bytes);
    /// The server says that it is over.
    void told(const wire::transferred& said) { word_ = said; }
    void told(const wire::state& said) { far_ = said.now; }
    void sample();

    const trial& what() const { return what_; }
    /// All of it is where it was to go.
    bool complete() const;
    bool refused() const { return word_ && word_->how == wire::transfer_end::refused; }
    /// The server was asked for its figures, and has answered.
    bool far_known() const { return far_.has_value(); }
    std::optional<nanoseconds> completed_at() const { return completed_at_; }
    nanoseconds so_far(nanoseconds now) const { return now - begun_; }
    /// No progress for so long, in the eyes of the kernel.
    nanoseconds stalled_for() const { return stall_->current(); }
    /// The socket has taken nothing for so long although there is more; 0 when it has it all.
    nanoseconds blocked_for() const;

    store::upload record(const ending& how, const far_clock& server, unsigned retries) const;
    const std::vector<store::upload_progress>& progress() const { return progress_; }
    connection& on() { return connection_; }
    std::string doubt;  ///< why nobody can vouch for it, if so

private:
    store::upload_progress look() const;
    std::uint64_t moved(const store::upload_progress& at) const;
    nanoseconds total(const ending& how, const far_clock& server) const;
    void add_senders_view(store::upload& row) const;

    trial what_;
    const plan& plan_;
    const run_clock& clock_;
    mutable connection connection_;
    observation::silence silence_;  // before the transfer
    std::optional<nanoseconds> due_;
    nanoseconds begun_{};
    nanoseconds idled_{};
    std::optional<net::bulk_sender> out_;
    std::optional<stall_watch> stall_;
    std::uint64_t received_{};
    std::uint64_t handed_{};
    nanoseconds handed_at_{};
    std::optional<nanoseconds> accepted_at_;
    std::optional<nanoseconds> completed_at_;
    std::optional<wire::transferred> word_;
    std::optional<wire::socket_facts> far_;
    store::upload_progress first_;
    store::upload_progress last_;
    store::upload_progress at_progress_;
    std::vector<store::upload_progress> progress_;
};

}  // namespace deadair::prober::uploads
