#include "analysis/host/inet_diag.hpp"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "analysis/host/netlink.hpp"

namespace deadair::host {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

endpoint endpoint_of(std::uint8_t family, const __be32 (&words)[4], __be16 port)
{
    endpoint made{.port = ntohs(port)};
    const bool ipv6 = family == AF_INET6;
    const bool mapped =
        ipv6 && std::memcmp(&words[0], mapped_prefix.data(), mapped_prefix.size()) == 0;
    if (ipv6 && !mapped) {
        made.family = address_family::ipv6;
        std::memcpy(made.address.data(), &words[0], made.address.size());
    } else {
        std::memcpy(made.address.data(), ipv6 ? &words[3] : &words[0], sizeof words[0]);
    }
    return made;
}

}  // namespace

diagnosed read_diagnosed(std::span<const std::byte> body)
{
    diagnosed found;
    const auto size = std::min(body.size(), sizeof found.message);
    std::memcpy(&found.message, body.data(), size);
    for_each_attribute(body.subspan(size),
                       [&](std::uint16_t type, std::span<const std::byte> value) {
                           if (type != INET_DIAG_INFO)
                               return;
                           auto& info = found.info.emplace();
                           std::memcpy(&info, value.data(), std::min(value.size(), sizeof info));
                       });
    return found;
}

void diagnose_tcp(std::uint32_t states, const std::function<void(const diagnosed&)>& take)
{
    for (const int family : {AF_INET, AF_INET6}) {
        inet_diag_req_v2 question{};
        question.sdiag_family = static_cast<std::uint8_t>(family);
        question.sdiag_protocol = IPPROTO_TCP;
        question.idiag_ext = 1U << (INET_DIAG_INFO - 1);
        question.idiag_states = states;
        dump(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, std::as_bytes(std::span{&question, 1}),
             [&](std::uint16_t, std::span<const std::byte> body) { take(read_diagnosed(body)); });
    }
}

endpoint local_of(const inet_diag_msg& of)
{
    return endpoint_of(of.idiag_family, of.id.idiag_src, of.id.idiag_sport);
}

endpoint remote_of(const inet_diag_msg& of)
{
    return endpoint_of(of.idiag_family, of.id.idiag_dst, of.id.idiag_dport);
}

audit::timer timer_of(const inet_diag_msg& of)
{
    switch (of.idiag_timer) {
        case 1:
            return audit::timer::retransmission;
        case 2:
            return audit::timer::keepalive;
        case 4:
            return audit::timer::zero_window;
        default:
            return audit::timer::none;
    }
}

}  // namespace deadair::host
