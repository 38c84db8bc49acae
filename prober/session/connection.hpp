#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analysis/words/words.hpp"
#include "prober/hold/settings.hpp"
#include "prober/session/run_clock.hpp"
#include "prober/session/target.hpp"

namespace deadair::prober {

class connection;

/// What trails in so long after an exchange still belongs to it: twice Linux's longest usual delay
/// of an acknowledgement, and its shortest retransmission timeout.
inline constexpr nanoseconds settle_after{std::chrono::milliseconds{200}};

/// What a connection under test tells the run.
class connection_events {
public:
    virtual ~connection_events() = default;
    virtual void on_joined(connection& here) = 0;
    /// The server spoke.
    virtual void on_heard(connection& here, std::uint32_t probe) = 0;
    /// Bytes of a download, without meaning.
    virtual void on_bulk(connection&, std::size_t) {}
    /// The kernel has taken what had to wait.
    virtual void on_drained(connection&) {}
    /// It ended, or could not be opened. The last call.
    virtual void on_gone(connection& here, wire::end_cause cause, const std::string& why) = 0;
};

/// One connection under test, the prober's end. It is silent unless told to speak, and knows
/// since when the wire has been silent.
class connection final : public net::channel_events {
public:
    connection(std::uint32_t number, path on, const run_clock& clock, connection_events& owner);
    ~connection() override;

    void open(boost::asio::io_context& io, const target& server, const wire::ticket& admission);
    /// Sends a probe to the server.
    void speak(std::uint32_t probe);
    /// From now on the kernel asks as this says, and silence is the time since the last exchange.
    /// @pre joined()
    void keep(const hold::settings& with);
    bool kept() const { return kept_; }
    /// JSON, for the record.
    std::string socket_options() const;
    /// Ends it in order (FIN), or hard (RST): an expired binding would leave FIN retransmissions.
    void close();
    void abort();

    std::uint32_t number() const { return number_; }
    const path& on() const { return on_; }
    bool joined() const { return joined_; }
    /// Its ticket has left this host: it cannot be used again.
    bool ticket_sent() const { return ticket_sent_; }
    nanoseconds opened_at() const { return opened_at_; }

    /// The last packet of an exchange passed at `at`, give or take `error`; silence begins.
    void rest(nanoseconds at, nanoseconds error);
    /// To be called `settle_after` later: what trailed in until now (a retransmission, a delayed
    /// acknowledgement) still belongs to the exchange, at a moment we do not know exactly.
    void settle();
    nanoseconds idle_since() const { return idle_since_; }
    nanoseconds idle_error() const { return idle_error_; }
    /// Traffic is meant to pass meanwhile: silence is then the time since the last exchange, and
    /// is not disturbed by it.
    void refreshed(refresh by, refresh_side from);
    refresh refreshed_by() const { return by_; }
    refresh_side refreshed_from() const { return from_; }
    const std::shared_ptr<net::channel>& channel() const { return channel_; }
    /// Why the silence since then cannot be vouched for; empty if it can.
    std::string disturbance();

    wire::socket_facts facts() { return channel_->facts(); }
    net::tcp::endpoint local() const { return local_; }
    net::tcp::endpoint remote() const { return remote_; }

private:
    void on_open() override;
    std::string on_secured(SSL* ssl) override;
    void on_frame(const wire::frame& seen) override;
    void on_drained() override;
    void on_end(wire::end_cause cause, const std::string& detail) override;

    std::uint32_t number_;
    path on_;
    const run_clock& clock_;
    connection_events& owner_;
    const target* server_{};
    wire::ticket admission_{};
    std::shared_ptr<net::channel> channel_;
    net::tcp::endpoint local_;
    net::tcp::endpoint remote_;
    bool ticket_sent_{};
    bool joined_{};
    nanoseconds opened_at_{};
    nanoseconds idle_since_{};
    nanoseconds idle_error_{};
    wire::socket_facts at_rest_;
    refresh by_{refresh::none};
    refresh_side from_{refresh_side::none};
    hold::settings settings_;
    bool kept_{};
};

}  // namespace deadair::prober
