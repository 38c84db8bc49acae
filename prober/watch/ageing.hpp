#pragma once

#include "prober/planner/age_plan.hpp"
#include "prober/planner/programme.hpp"
#include "prober/record/ledger.hpp"
#include "prober/session/stay.hpp"

namespace deadair::prober {

/// Keeps a few connections busy for days, on a stay of its own at the server, to see whether they
/// are cut at an age. What they tell is written down as probes; the analysis of the watch's
/// measurements reads them.
class ageing final : public stay_user {
public:
    struct settings {
        control::settings server;
        planner::plan plan;
        store::run description;  ///< of the run to begin
    };

    /// @param into  outlives it
    ageing(boost::asio::io_context& io, const target& server, settings how, record& into);

    void start() { stay_.start(); }
    /// Closes everything, and ends the run; the io_context has no work of this any more.
    void stop();

    /// Nothing more comes of it: the server refused, or no connection is left.
    bool over() const { return refused_ || plan_.finished(); }
    /// How many were cut, once it shows whether that was their age; 0 until then.
    std::uint32_t cut() const { return busy_.unsettled() ? 0 : busy_.cut(); }

private:
    ageing(boost::asio::io_context& io, const target& server, settings how, record& into,
           std::unique_ptr<planner::age_plan> busy);

    void on(const observation::noted& what) override;
    void plan() override;
    std::optional<nanoseconds> wake_at() const override { return plan_.wake_at(); }

    void hear(const note::failed&, nanoseconds) { refused_ = true; }
    void hear(const note::happened& said, nanoseconds at);
    void hear(const note::opened& said, nanoseconds at);
    void hear(const note::settled& said, nanoseconds at);
    void hear(const note::ended& said, nanoseconds at);
    void hear(const note::late& said, nanoseconds at);
    void hear(const note::closed& said, nanoseconds at);
    /// Only the plan needs to know.
    template <class Other>
    void hear(const Other& /*said*/, nanoseconds /*at*/)
    {
    }

    ledger ledger_;
    const planner::age_plan& busy_;
    planner::programme plan_;  // of the busy connections alone
    stay stay_;
    bool refused_{};
};

}  // namespace deadair::prober
