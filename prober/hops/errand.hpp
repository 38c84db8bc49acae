#pragma once

#include <map>
#include <optional>
#include <string>

#include "prober/hops/plan/course.hpp"
#include "prober/record/ledger.hpp"
#include "prober/session/stay.hpp"

namespace deadair::prober::hops {

class errand;

/// What it tells its user.
class errand_events {
public:
    virtual ~errand_events() = default;
    /// The server answered. Called once. @return where to write down what happens; outlives it
    virtual ledger& on_begin(errand& here, std::uint32_t connections_max) = 0;
    /// It did not answer as it should; the last call.
    virtual void on_refused(errand& here, const std::string& why) = 0;
    /// A row of the table `hop_probes`, but for its number.
    virtual void on_settled(errand& here, store::hop_probe row) = 0;
    /// Nothing more will be asked.
    virtual void on_done(errand& here) = 0;
};

/// Connections at one server, each refreshed by keepalives that go so far and then probed, as a
/// `hops_plan::course` says.
class errand final : public stay_user {
public:
    /// @param first  number of the first connection, less one
    errand(boost::asio::io_context& io, const target& server, stay::settings how,
           std::uint32_t first, errand_events& user);

    void start() { stay_.start(); }
    /// What is to be tried. Once, in `on_begin`.
    void begin(const hops_plan::plan& of, const std::vector<hops_plan::trial>& what);
    /// More of it. In `on_done`, which comes again.
    void go_on(const std::vector<hops_plan::trial>& more) { course_->add(more, stay_.now()); }
    /// Closes everything; the io_context has no work of this any more.
    void stop();

    bool begun() const { return into_ != nullptr; }
    bool server_can_refresh_within()
    {
        return stay_.control_connection().server_can().refresh_within;
    }
    const hops_plan::course* course_so_far() const { return course_ ? &*course_ : nullptr; }
    const stay& at() const { return stay_; }

private:
    void on(const observation::noted& what) override;
    void plan() override;
    std::optional<nanoseconds> wake_at() const override;

    void hear(const note::begun& said, nanoseconds at);
    void hear(const note::failed& said, nanoseconds) { user_.on_refused(*this, said.why); }
    void hear(const note::happened& said, nanoseconds at);
    void hear(const note::opened& said, nanoseconds at);
    void hear(const note::settled& said, nanoseconds at);
    void hear(const note::ended& said, nanoseconds at);
    void hear(const note::closed& said, nanoseconds at);
    /// Only the plan needs to know.
    template <class Other>
    void hear(const Other& /*said*/, nanoseconds /*at*/)
    {
    }

    void settled(const flight& probe, outcome result, nanoseconds at);
    void carry_out(const planner::open_connection& todo);
    void carry_out(const hops_plan::start_keepalives& todo);
    void carry_out(const planner::send_probe& todo);

    std::uint32_t first_;
    errand_events& user_;
    stay stay_;
    std::optional<hops_plan::course> course_;
    ledger* into_{};  // nullptr until the server answered
};

}  // namespace deadair::prober::hops
