#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/words/socket_facts.hpp"
#include "tests/simulation/carrier.hpp"

namespace deadair::simulation {

/// What was said: a probe's number; 0 for what keeps a connection busy.
using message = std::uint32_t;

/// What the kernels tell the programs at the two ends.
class tcp_user {
public:
    virtual ~tcp_user() = default;
    virtual void opened(flow_id flow) = 0;
    /// It could not be opened; of the prober's end.
    virtual void refused(flow_id flow) = 0;
    virtual void arrived(flow_id flow, side at, message what) = 0;
    /// The connection ended there: `reset`, `closed` or `lost` (the kernel gave up).
    virtual void ended(flow_id flow, side at, outcome how) = 0;
};

/// The kernels of both ends: connections with their segments, acknowledgements, retransmissions
/// and counters, as Linux has them. Acknowledgements leave at once (TCP_QUICKACK).
class tcp {
public:
    tcp(timeline& when, const network& net, carrier& by, tcp_user& user)
        : when_{when}, net_{net}, by_{by}, user_{user}
    {
    }

    /// From inside, with all that it takes until the server has let it in.
    void open(flow_id flow, std::uint16_t port);
    void say(flow_id flow, side from, message what, std::uint32_t bytes = 40);
    void ask_to_acknowledge(flow_id flow, side from);
    /// Ends it hard, if it has not ended there already.
    void reset(flow_id flow, side from);
    /// Ends it in order.
    void close(flow_id flow, side from);
    /// Both ends see it end.
    void cut_both(const cut& what);
    bool is_open(flow_id flow, side at) const;
    /// nullopt once it has ended there.
    std::optional<socket_facts> facts(flow_id flow, side at) const;
    /// The server's programs do not run: connections to it are refused, and all have ended.
    void server_runs(bool does);
    nanoseconds retransmission_timeout() const;

private:
    struct end {
        bool open{};
        std::uint32_t segments_in{};
        std::uint32_t segments_out{};
        std::uint32_t retransmitted{};
        std::uint32_t said{};   // so many messages
        std::uint32_t heard{};  // of those of the other end
        bool unacknowledged{};  // the last of them
        time data_sent{};
        time data_received{};
        time ack_received{};
    };
    struct connection {
        std::uint16_t port{};
        bool ever_open{};
        std::array<end, 2> ends;

        end& at(side which) { return ends[static_cast<std::size_t>(which)]; }
        const end& at(side which) const { return ends[static_cast<std::size_t>(which)]; }
    };
    // Something said, on its way.
    struct saying {
        flow_id flow{};
        side from{};
        message what{};
        std::uint32_t number{};  // among those of this end
        std::uint32_t bytes{};
        int attempt{};
    };

    connection* find(flow_id flow);
    const connection* find(flow_id flow) const;
    void knock(flow_id flow, int attempt);
    void let_in(flow_id flow);
    void established(flow_id flow);
    void transmit(saying one);
    void arrive(const saying& one);
    void acknowledge(flow_id flow, side from, std::uint32_t number);
    void leave(flow_id flow, side from, outcome how);
    void end_at(flow_id flow, side at, outcome how);
    packet of(flow_id flow, side from, packet::kind is, std::uint32_t bytes) const;

    timeline& when_;
    const network& net_;
    carrier& by_;
    tcp_user& user_;
    std::vector<std::unique_ptr<connection>> all_;
    bool server_runs_{true};
};

}  // namespace deadair::simulation
