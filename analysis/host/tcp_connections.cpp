#include "analysis/host/tcp_connections.hpp"

#include <algorithm>

#include "analysis/host/address.hpp"
#include "analysis/host/inet_diag.hpp"
#include "analysis/host/socket_owners.hpp"

namespace deadair::host {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr unsigned established = 1;  // TCP_ESTABLISHED, include/net/tcp_states.h

void read_info(const tcp_info& info, audit::connection& into)
{
    into.since_received = milliseconds{std::min(info.tcpi_last_data_recv, info.tcpi_last_ack_recv)};
    into.silent =
        std::min<nanoseconds>(into.since_received, milliseconds{info.tcpi_last_data_sent});
    into.round_trip = microseconds{info.tcpi_rtt};
    into.retransmitted = info.tcpi_total_retrans;
}

audit::endpoint in_words(const endpoint& where)
{
    return {address_of(where), where.port};
}

audit::connection connection_of(const diagnosed& seen)
{
    audit::connection found;
    const auto remote = remote_of(seen.message);
    found.family = remote.family;
    found.local = in_words(local_of(seen.message));
    found.remote = in_words(remote);
    found.running = timer_of(seen.message);
    found.expires = milliseconds{seen.message.idiag_expires};
    found.inode = seen.message.idiag_inode;
    if (seen.info)
        read_info(*seen.info, found);
    return found;
}

}  // namespace

std::vector<audit::connection> tcp_connections()
{
    std::vector<audit::connection> found;
    diagnose_tcp(1U << established,
                 [&](const diagnosed& seen) { found.push_back(connection_of(seen)); });
    name_owners(found);
    return found;
}

}  // namespace deadair::host
