#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "analysis/capture/capture.hpp"

namespace deadair::capture {

using namespace std::chrono_literals;

// Plays a connection: each call is a packet, `after` the one before.
class a_connection : public testing::Test {
protected:
    void client(nanoseconds after, std::uint32_t payload, tcp_flags flags = {.acknowledges = true})
    {
        packet(true, after, payload, flags);
    }
    void server(nanoseconds after, std::uint32_t payload, tcp_flags flags = {.acknowledges = true})
    {
        packet(false, after, payload, flags);
    }
    // The client's last packet again.
    void client_again(nanoseconds after) { add(last_of_client_, after); }
    // One byte before what comes next (RFC 9293, section 3.8.4).
    void keepalive(nanoseconds after)
    {
        --next_client_;
        client(after, 0);
        ++next_client_;
    }
    void hello()
    {
        client(0s, 0, {.syn = true});
        server(20ms, 0, {.syn = true, .acknowledges = true});
        client(20ms, 0);
        client(1ms, 100);
        server(20ms, 0);
    }

    const std::vector<segment>& packets() const { return packets_; }
    std::vector<silence> silences()
    {
        std::vector<silence> found;
        capture all{{}, [&](const conversation& one) { found = one.silences(); }};
        for (const auto& each : packets_)
            all.on(each);
        all.finish();
        return found;
    }

    endpoint client_{.port = 40'000};
    endpoint server_{.port = 443};
    std::uint8_t ttl_{57};

private:
    void packet(bool from_client, nanoseconds after, std::uint32_t payload, tcp_flags flags)
    {
        auto& from = from_client ? next_client_ : next_server_;
        const auto& other = from_client ? next_server_ : next_client_;
        segment made{.from = from_client ? client_ : server_,
                     .to = from_client ? server_ : client_,
                     .sequence = from,
                     .acknowledged = other,
                     .flags = flags,
                     .window = 1000,
                     .payload = payload,
                     .ttl = from_client ? std::uint8_t{64} : ttl_};
        from += payload + (flags.syn || flags.fin ? 1 : 0);
        if (from_client)
            last_of_client_ = made;
        add(made, after);
    }
    void add(segment made, nanoseconds after)
    {
        now_ += after;
        made.at = now_;
        packets_.push_back(made);
    }

    nanoseconds now_{1000s};
    std::uint32_t next_client_{0xffff'ff80};  // wraps on its way
    std::uint32_t next_server_{5000};
    segment last_of_client_;
    std::vector<segment> packets_;
};

}  // namespace deadair::capture
