#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "echo-server/transport/byte_stream.hpp"
#include "echo-server/transport/channel_events.hpp"
#include "prober/dialogue/dialogue.hpp"
#include "prober/session/target.hpp"

namespace deadair::prober {

class line;

/// What a line tells.
class line_events {
public:
    virtual ~line_events() = default;
    /// The server let us in.
    virtual void on_ready(line& here) = 0;
    /// It answered the question. `last`: it closes the connection after that.
    virtual void on_answer(line& here, bool last) = 0;
    /// It said what another connection made it say here.
    virtual void on_spoken(line& here, std::uint32_t number) = 0;
    /// It has said that on another connection, which it knows or does not, as this one wanted.
    virtual void on_told(line& here, std::uint32_t number, bool known) = 0;
    /// It said something by itself.
    virtual void on_unasked(line& here) = 0;
    /// It will not have us: a sentence for people. The last call.
    virtual void on_refused(line& here, const std::string& why) = 0;
    /// It ended, or could not be opened. `closed` is the server's own doing. The last call.
    virtual void on_gone(line& here, wire::end_cause cause, const std::string& why) = 0;
};

/// A server of another make, and what is said to it.
struct host {
    target where;
    std::uint16_t port{};
    bool secured{};
    dialogue::language speaks{};
    dialogue::words said;
    bool lets_speak{};  ///< one connection makes it speak on the others
};

/// One connection to a server of another make: it carries a conversation, and is silent unless told
/// to ask.
class line final : public std::enable_shared_from_this<line> {
public:
    /// @param at  outlives it, as does `owner`, unless it is aborted before
    /// @param own  but for what the line makes fresh itself: the key and the mask
    line(boost::asio::io_context& io, const host& at, address_family family, dialogue::fresh own,
         line_events& owner);
    line(const line&) = delete;
    line& operator=(const line&) = delete;

    void open();
    void ask();
    /// The same question, to be answered after so long.
    void ask_for_later(nanoseconds after);
    /// `on_told` follows, if the line lasts.
    void let_speak(std::uint32_t on, std::uint32_t number);
    /// Ends it hard (RST). No event follows.
    void abort();

    std::uint32_t number() const { return own_.number; }
    socket_facts facts();
    net::tcp::endpoint local() const { return local_; }
    net::tcp::endpoint remote() const { return remote_; }
    int native_socket() { return socket_.native_handle(); }

private:
    enum class stage : std::uint8_t { connecting, proxying, securing, talking, ended };

    void connected(const boost::system::error_code& error);
    void begin();
    void secure();
    void talk();
    void ask_kernel();
    void await_kernel(std::uint32_t segments_in);
    void wait(net::tcp::socket::wait_type what);
    void advance();
    bool go_on();
    bool heed(const net::step& taken);
    void digest();
    std::size_t digest_proxy();
    std::size_t digest_words();
    void heed(const dialogue::heard& said);
    void write(wire::bytes data);
    void flush();
    void finish(wire::end_cause cause, const std::string& why);

    const host& at_;
    dialogue::fresh own_;
    line_events* owner_;
    net::tcp::endpoint remote_;
    net::socket socket_;
    net::byte_stream stream_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<dialogue::conversation> talk_;
    std::optional<net::proxy_dialogue> proxy_;
    net::tcp::endpoint local_;
    wire::buffer input_;
    wire::buffer output_;
    stage stage_{stage::connecting};
    bool failed_{};  // a write told how it ended; the loop is about to tell the owner
    bool reading_{};
    bool writing_{};
};

}  // namespace deadair::prober
