#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

/// Questions to the kernel whose answer is a list (netlink(7)).
namespace deadair::host {

/// Asks, and hands over the type and body of each message of the answer.
/// @param protocol  NETLINK_ROUTE, NETLINK_SOCK_DIAG
/// @throws std::system_error if the kernel refuses or does not answer.
void dump(int protocol, std::uint16_t type, std::span<const std::byte> question,
          const std::function<void(std::uint16_t type, std::span<const std::byte> body)>& each);

/// Hands over the attributes that follow a message's fixed part, as far as they are whole.
void for_each_attribute(
    std::span<const std::byte> attributes,
    const std::function<void(std::uint16_t type, std::span<const std::byte> value)>& each);

}  // namespace deadair::host
