#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analysis/words/words.hpp"
#include "prober/hold/settings.hpp"
#include "prober/session/run_clock.hpp"
#include "prober/session/stay_sockets.hpp"
#include "prober/session/target.hpp"

namespace deadair::prober {

class connection;

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

/// One connection under test, the prober's end. It is silent unless told to speak.
class connection final : public net::channel_events {
public:
    connection(std::uint32_t number, path on, const run_clock& clock, connection_events& owner);
    ~connection() override;

    void open(boost::asio::io_context& io, const target& server, const wire::ticket& admission);
    /// Sends a probe to the server.
    void speak(std::uint32_t probe);
    /// From now on the kernel asks as this says. @pre joined()
    void keep(const hold::settings& with);
    /// For the record. @pre joined()
    opened_connection as_opened() const;
    /// Ends it in order (FIN), or hard (RST): an expired binding would leave FIN retransmissions.
    void close();
    void abort();

    std::uint32_t number() const { return number_; }
    const path& on() const { return on_; }
    bool joined() const { return joined_; }
    /// Its ticket has left this host: it cannot be used again.
    bool ticket_sent() const { return ticket_sent_; }
    nanoseconds opened_at() const { return opened_at_; }

    const std::shared_ptr<net::channel>& channel() const { return channel_; }
    wire::socket_facts facts() { return channel_->facts(); }
    net::tcp::endpoint local() const { return local_; }

private:
    void on_open() override;
    std::string on_secured(SSL* ssl) override;
    void on_frame(const wire::frame& seen) override;
    void on_drained() override;
    void on_end(wire::end_cause cause, const std::string& detail) override;
    void fail(const std::string& why);
    std::string socket_options() const;

    std::uint32_t number_;
    path on_;
    const run_clock& clock_;
    connection_events& owner_;
    const target* server_{};
    wire::ticket admission_{};
    std::shared_ptr<net::channel> channel_;
    net::tcp::endpoint local_;
    net::tcp::endpoint seen_as_;
    net::tcp::endpoint remote_;
    bool ticket_sent_{};
    bool joined_{};
    nanoseconds opened_at_{};
    hold::settings settings_;
};

}  // namespace deadair::prober
