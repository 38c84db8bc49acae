#pragma once

#include <optional>

#include "analysis/words/duration.hpp"

/// How long Linux goes on sending into a void. Pure.
namespace deadair::recommend {

/// After so long without any acknowledgement the kernel ends a connection with ETIMEDOUT, counted
/// from the first transmission. Linux retransmits after `rto`, then after twice the step before,
/// 120 s at most, and gives up at the first such moment that lies so long after the first
/// retransmission as `retries` steps from 200 ms would take (tcp_retries2(7 tcp);
/// net/ipv4/tcp_timer.c, tcp_model_timeout and retransmits_timed_out). With TCP_USER_TIMEOUT it
/// gives up that long after the first retransmission instead.
/// @param rto      the retransmission timeout at the first transmission, > 0
/// @param retries  net.ipv4.tcp_retries2; 15 by default
nanoseconds kernel_gives_up_after(nanoseconds rto, unsigned retries,
                                  std::optional<nanoseconds> user_timeout = {});

}  // namespace deadair::recommend
