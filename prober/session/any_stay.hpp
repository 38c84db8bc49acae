#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "prober/observation/observation.hpp"
#include "prober/session/inbox.hpp"
#include "prober/session/run_clock.hpp"
#include "prober/session/stay_sockets.hpp"

namespace deadair::prober {

namespace note = observation::note;

/// Who stays at the server: it is told what came of it, and asked what is wanted.
class stay_user {
public:
    virtual ~stay_user() = default;
    /// In the order in which it happened.
    virtual void on(const observation::noted& what) = 0;
    /// Something happened, or it is time: the moment to ask the stay for things. Not before
    /// `begun`.
    virtual void plan() = 0;
    /// When to be asked again if nothing happens.
    virtual std::optional<nanoseconds> wake_at() const = 0;
};

/// A stay at a server of any make, and the loop that turns it: what the sockets saw goes to
/// observation, what came of it to the user, what the user wants back to observation, and what that
/// asks for to the sockets.
class any_stay {
public:
    struct settings {
        observation::observation::settings seen;
        run_clock clock{};  ///< of the run; else it begins now
    };
    /// Makes the sockets, which put what they see into the inbox; both outlive them.
    using make_sockets = std::function<std::unique_ptr<stay_sockets>(const run_clock&, inbox&)>;

    any_stay(boost::asio::io_context& io, const settings& how, const make_sockets& make,
             stay_user& user);
    virtual ~any_stay() = default;
    any_stay(const any_stay&) = delete;
    any_stay& operator=(const any_stay&) = delete;

    /// Until `stop` the io_context has work.
    void start() { sockets_->start(); }
    /// Its user hears no more.
    void stop();
    void turn_soon() { inbox_.wake(); }

    // As observation has them.
    void open(std::uint32_t number, const path& on) { observation_.open(number, on); }
    void probe(std::uint32_t number, std::uint32_t over, direction way, nanoseconds after = {});
    void refresh_by(std::uint32_t number, means how, std::chrono::milliseconds every);
    void keep(const observation::refresh_within& wanted) { observation_.keep(wanted); }
    void close(std::uint32_t number, const std::string& client_saw);
    /// At once: its user has been told when it returns.
    void close_all();

    nanoseconds now() const { return clock_.now(); }
    const run_clock& clock() const { return clock_; }
    stay_sockets& ends() { return *sockets_; }
    const observation::observation& seen() const { return observation_; }
    /// Numbers for rows that no probe has, apart from the probes' own.
    std::uint32_t fresh_number() { return observation_.fresh_number(); }

protected:
    /// What it does is kept alive from outside of observation.
    void kept(std::uint32_t number) { observation_.kept(number); }

private:
    void turn();
    void tell();
    void act();
    void arm();

    stay_user& user_;
    run_clock clock_;
    sleep_watch sleep_;
    inbox inbox_;
    std::unique_ptr<stay_sockets> sockets_;
    observation::observation observation_;
    std::optional<nanoseconds> expected_wake_;
    bool over_{};
};

}  // namespace deadair::prober
