#pragma once

#include <memory>

#include "echo-server/records/record_layer.hpp"
#include "echo-server/transport/plain_stream.hpp"
#include "echo-server/transport/secret_memory.hpp"

namespace deadair::net {

/// A TLS 1.3 connection of which only the keys are kept: 140 bytes, and while a record is there in
/// part, that part. What it reads, says and answers is what OpenSSL would, see docs/hibernation.md.
class hibernated_tls : public in_secret_memory<hibernated_tls> {
public:
    explicit hibernated_tls(records::record_layer keys) : keys_{std::move(keys)} {}

    /// One record at most; nothing beyond it is taken from the socket.
    /// @param into  room for a whole one, `records::plain_max` bytes
    step read_some(plain_stream& over, std::span<std::byte> into);
    /// One record at most. After `want_write` the same bytes must come again, and may move.
    step write_some(plain_stream& over, wire::bytes from);
    /// Sends close_notify; does not wait for the peer's.
    void shut_down(plain_stream& over);

private:
    struct partial {
        wire::buffer incoming;   // of a record
        wire::buffer outgoing;   // sealed, and not taken by the socket yet
        std::size_t accepted{};  // plain bytes in `outgoing`
    };

    step read_record(plain_stream& over, std::span<std::byte> into);
    std::size_t restore();
    step fill(plain_stream& over, std::size_t& here, std::size_t size);
    step write_record(plain_stream& over, wire::bytes from);
    step flush(plain_stream& over);
    step fail(plain_stream& over, const records::heard& why);
    void say(plain_stream& over, records::alert last);
    partial& keep();
    void let_go();

    records::record_layer keys_;
    std::unique_ptr<partial> partial_;
};

}  // namespace deadair::net
