#pragma once

#include <optional>

#include "echo-server/wire/control_messages.hpp"
#include "echo-server/wire/probe_messages.hpp"
#include "echo-server/wire/trust_messages.hpp"

/// The frames' bodies. Each message knows its `type`; `encode` writes a whole frame, `decode<T>`
/// reads a body. Times are nanoseconds on the sender's monotonic clock unless told otherwise.
namespace deadair::wire {

template <class Message>
buffer encode(const Message& message);

/// @return nullopt if the body is not exactly such a message.
template <class Message>
std::optional<Message> decode(bytes body);

}  // namespace deadair::wire
