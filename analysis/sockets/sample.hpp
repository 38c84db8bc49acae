#pragma once

#include <cstdint>

#include "analysis/audit/connection.hpp"
#include "analysis/words/duration.hpp"
#include "analysis/words/endpoint.hpp"

/// What the kernel's figures of this host's TCP connections prove of their silences. Pure.
namespace deadair::sockets {

/// How far a connection has come (include/net/tcp_states.h).
enum class stage : std::uint8_t {
    open,
    other_closed,  ///< CLOSE_WAIT
    closing,       ///< this end has closed it: FIN_WAIT, CLOSING, LAST_ACK
};

/// One TCP connection at one moment, as sock_diag(7) and TCP_INFO (tcp(7)) tell. Counts are of its
/// life; those of segments wrap.
struct sample {
    nanoseconds at{};        ///< since the observation's start
    std::uint64_t cookie{};  ///< the kernel's name of the socket, which is never used again
    std::uint64_t inode{};   ///< by which processes know it; 0: none holds it any more
    endpoint local{};
    endpoint remote{};
    stage in{stage::open};
    audit::timer running{audit::timer::none};
    nanoseconds expires{};  ///< until that timer fires
    nanoseconds round_trip{};
    std::uint32_t segments_in{};
    std::uint32_t segments_out{};
    std::uint32_t data_in{};             ///< segments with data
    std::uint32_t data_out{};            ///< the same, those sent again included
    std::uint32_t retransmitted{};       ///< segments
    std::uint32_t unacknowledged{};      ///< segments that are under way
    std::uint32_t unanswered_asked{};    ///< keepalives and window probes since the last answer
    std::uint64_t bytes_acknowledged{};  ///< a FIN counts as one
    std::uint64_t bytes_received{};      ///< the same
    nanoseconds sent{};                  ///< last data: when, since the observation's start
    nanoseconds received{};              ///< the same
    nanoseconds acknowledged{};          ///< last acknowledgement that came
};

/// Both ends are on this host: no middlebox sees it.
bool is_local(const sample& of);

}  // namespace deadair::sockets
