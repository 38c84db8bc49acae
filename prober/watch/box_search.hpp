#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "prober/hops/measurement.hpp"
#include "prober/hops/way_search.hpp"
#include "prober/watch/learned.hpp"

namespace deadair::prober {

/// Finds out after each measurement which box on the path forgets, and tells when another one does,
/// or the same after another time. What it finds belongs to the measurement's run.
class box_search {
public:
    struct settings {
        control::settings server;
        path on;  ///< over the first transport, as with `measure --hops`
        double open_rate{};
    };
    /// What it tells its owner, who outlives it.
    struct listeners {
        std::function<void(const std::string&)> say;      ///< for people
        std::function<void(const std::string&)> changed;  ///< which box it was and is, a sentence
        std::function<void()> over;                       ///< it is not under way any more
    };

    /// @param into, show  outlive it
    box_search(boost::asio::io_context& io, record& into, progress& show, listeners tell);
    ~box_search();

    /// What was found before this process.
    void remember(store::hops_found before) { before_ = std::move(before); }
    /// @param server, clock  of the measurement; the server outlives the search
    void begin(const target& server, settings how, const learned& from, const run_clock& clock);
    bool under_way() const { return under_way_; }
    /// Ends in order; `over` follows, perhaps at once.
    void interrupt();
    /// Ends at once; nobody is told.
    void abandon();

private:
    void search(const target& server, hops::measurement::settings how);
    void conclude();
    void found(const store::hops_found& after);
    void give_up(const std::string& why);
    void end_search();
    void over();

    boost::asio::io_context& io_;
    record& into_;
    progress& show_;
    listeners tell_;
    bool under_way_{};
    store::hops_found before_;  // the latest that named a box
    std::unique_ptr<hops::way_search> asking_;
    std::unique_ptr<hops::measurement> search_;
};

}  // namespace deadair::prober
