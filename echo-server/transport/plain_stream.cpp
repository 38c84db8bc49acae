#include "echo-server/transport/plain_stream.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "echo-server/transport/socket.hpp"

namespace deadair::net {

step ended(wire::end_cause cause, std::string detail)
{
    return {.what = progress::ended, .transferred = 0, .cause = cause, .detail = std::move(detail)};
}

step ended_by_errno(int error)
{
    return ended(cause_of(error), std::generic_category().message(error));
}

step plain_stream::read_some(std::span<std::byte> into)
{
    const auto count = ::recv(socket, into.data(), into.size(), 0);
    if (count > 0) {
        received += static_cast<std::uint64_t>(count);
        return {.what = progress::done, .transferred = static_cast<std::size_t>(count)};
    }
    if (count == 0)
        return ended(wire::end_cause::closed, "the peer closed the connection");
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {.what = progress::want_read};
    return ended_by_errno(errno);
}

step plain_stream::write_some(wire::bytes from)
{
    const auto count = ::send(socket, from.data(), from.size(), MSG_NOSIGNAL);
    if (count >= 0) {
        sent += static_cast<std::uint64_t>(count);
        return {.what = progress::done, .transferred = static_cast<std::size_t>(count)};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {.what = progress::want_write};
    return ended_by_errno(errno);
}

}  // namespace deadair::net
