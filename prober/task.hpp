#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <string>

namespace deadair::prober {

/// The life of a command that takes time. It runs, is shown meanwhile, and ends once: by itself,
/// interrupted or failed. Ending may take a while, until all is on disk; then it is over.
class task {
public:
    /// How it went.
    struct summary {
        std::string failure;  ///< for people; empty unless it failed
        bool interrupted{};
        bool gave_up{};    ///< not all is on disk
        bool bad_input{};  ///< what was asked for cannot work; `failure` says what does

        bool finished() const { return failure.empty() && !interrupted; }
    };

    explicit task(boost::asio::io_context& io) : draw_timer_{io} {}
    virtual ~task() = default;
    task(const task&) = delete;
    task& operator=(const task&) = delete;

    /// Until it is over the io_context has work.
    void start();
    /// Ends it in order, with what is known so far. While it ends already: at once, if it hangs.
    void interrupt();
    /// Ends it at once; nobody is told.
    void abandon();
    /// Called once, when there is nothing left to wait for.
    void when_over(std::function<void()> tell) { when_over_ = std::move(tell); }
    bool is_over() const { return life_ == life::over; }
    const summary& how() const { return how_; }

protected:
    virtual void begin() = 0;
    /// Shows how it goes; called ten times a second while it runs.
    virtual void draw() {}
    /// Ends what was begun, with what is known so far: calls `end`.
    virtual void wind_up() = 0;
    /// Nothing more happens on the network, and nothing more is shown.
    virtual void halt() = 0;
    /// What it waits for to end may not come: a disk that cannot be written.
    virtual bool hangs() const = 0;

    bool runs() const { return life_ == life::runs; }
    summary& result() { return how_; }
    /// It ends: nothing more happens, but that `last` waits for what is to be kept. `over` follows.
    void end(const std::function<void()>& last);
    /// There is nothing left to wait for.
    void over();
    /// It ends with nothing to keep, since it failed.
    void fail(const std::string& why);

private:
    enum class life : std::uint8_t { runs, ends, over };

    void draw_on();

    boost::asio::steady_timer draw_timer_;
    life life_{life::runs};
    summary how_;
    std::function<void()> when_over_;
};

}  // namespace deadair::prober
