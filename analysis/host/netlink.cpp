#include "analysis/host/netlink.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "analysis/host/descriptor.hpp"

namespace deadair::host {

namespace {

// The kernel fills what is offered, and 32 KiB is the most that it uses for a dump.
constexpr std::size_t answer_max = 32768;
// It answers at once; this is for a kernel that does not.
constexpr timeval patience{.tv_sec = 5, .tv_usec = 0};

[[noreturn]] void fail(int error)
{
    throw std::system_error(error, std::generic_category(), "asking the kernel over netlink");
}

void ask(int socket, std::uint16_t type, std::span<const std::byte> question)
{
    std::vector<std::byte> message(NLMSG_SPACE(question.size()));
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(NLMSG_LENGTH(question.size()));
    header.nlmsg_type = type;
    header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    std::memcpy(message.data(), &header, sizeof header);
    std::memcpy(message.data() + NLMSG_HDRLEN, question.data(), question.size());
    if (::send(socket, message.data(), message.size(), 0) < 0)
        fail(errno);
}

void check(const nlmsghdr& header, std::span<const std::byte> body)
{
    if (header.nlmsg_type != NLMSG_ERROR)
        return;
    nlmsgerr problem{};
    std::memcpy(&problem, body.data(), std::min(body.size(), sizeof problem));
    fail(-problem.error);
}

}  // namespace

void dump(int protocol, std::uint16_t type, std::span<const std::byte> question,
          const std::function<void(std::uint16_t, std::span<const std::byte>)>& each)
{
    const descriptor socket{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol)};
    if (socket.get() < 0)
        fail(errno);
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ask(socket.get(), type, question);
    std::vector<std::byte> answer(answer_max);
    while (true) {
        const auto got = ::recv(socket.get(), answer.data(), answer.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            fail(got < 0 ? errno : EPROTO);
        std::span<const std::byte> rest{answer.data(), static_cast<std::size_t>(got)};
        while (rest.size() >= NLMSG_HDRLEN) {
            nlmsghdr header{};
            std::memcpy(&header, rest.data(), sizeof header);
            if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > rest.size())
                break;
            const auto body = rest.subspan(NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN);
            if (header.nlmsg_type == NLMSG_DONE)
                return;
            check(header, body);
            each(header.nlmsg_type, body);
            rest = rest.subspan(std::min<std::size_t>(rest.size(), NLMSG_ALIGN(header.nlmsg_len)));
        }
    }
}

void for_each_attribute(std::span<const std::byte> attributes,
                        const std::function<void(std::uint16_t, std::span<const std::byte>)>& each)
{
    while (attributes.size() >= sizeof(rtattr)) {
        rtattr header{};
        std::memcpy(&header, attributes.data(), sizeof header);
        if (header.rta_len < sizeof header || header.rta_len > attributes.size())
            return;
        each(header.rta_type, attributes.subspan(RTA_LENGTH(0), header.rta_len - RTA_LENGTH(0)));
        attributes =
            attributes.subspan(std::min<std::size_t>(attributes.size(), RTA_ALIGN(header.rta_len)));
    }
}

}  // namespace deadair::host
