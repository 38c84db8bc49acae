#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <system_error>
#include <vector>

#include "echo-server/transport/upgrade.hpp"
#include "prober/evidence/path_parts.hpp"
#include "prober/evidence/peer.hpp"

namespace deadair::prober::evidence {

namespace {

using clock = std::chrono::steady_clock;

struct releaser {
    void operator()(SSL_CTX* of) const { SSL_CTX_free(of); }
    void operator()(SSL* of) const { SSL_free(of); }
};

/// A connection on which a request can be made, over TLS or not. It times; trust is not its task.
class requester {
public:
    requester(int socket, std::chrono::seconds each_answer) : socket_{socket}
    {
        const timeval patience{.tv_sec = each_answer.count(), .tv_usec = 0};
        ::fcntl(socket, F_SETFL, 0);
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }

    bool secure(const std::string& host)
    {
        context_.reset(SSL_CTX_new(TLS_client_method()));
        tls_.reset(SSL_new(context_.get()));
        SSL_set_tlsext_host_name(tls_.get(), host.c_str());
        return SSL_set_fd(tls_.get(), socket_) == 1 && SSL_connect(tls_.get()) == 1;
    }

    bool write(const std::string& text)
    {
        const auto size = static_cast<int>(text.size());
        return tls_ ? SSL_write(tls_.get(), text.data(), size) == size
                    : ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == size;
    }

    bool read_some()
    {
        std::array<char, 16384> into{};
        return tls_ ? SSL_read(tls_.get(), into.data(), static_cast<int>(into.size())) > 0
                    : ::recv(socket_, into.data(), into.size(), 0) > 0;
    }

private:
    int socket_;
    std::unique_ptr<SSL_CTX, releaser> context_;
    std::unique_ptr<SSL, releaser> tls_;
};

std::string ms(nanoseconds value)
{
    return fmt::format("{:9.3f}", to_seconds(value) * 1000);
}

std::string request_to(const url& to)
{
    if (to.websocket)
        return net::upgrade_request_text(to.host, net::fresh_upgrade_key());
    return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", to.path,
                       to.host);
}

std::string once(const url& to, std::chrono::seconds patience)
{
    const auto found = resolve(to.host, to.port, to.family);
    if (!found.first)
        return fmt::format("{} lookup failed: {}", ms(found.took), found.problem);
    const auto began = clock::now();
    const auto line = connect_to(*found.first, patience);
    auto text = ms(found.took) + ms(line.took);
    if (line.error != 0)
        return text + " connect failed: " + std::generic_category().message(line.error);
    requester with{line.socket.get(), patience};
    const auto secured_from = clock::now();
    if (to.secured && !with.secure(to.host))
        return text + " TLS failed";
    text += ms(clock::now() - secured_from);
    const auto asked = clock::now();
    if (!with.write(request_to(to)) || !with.read_some())
        return text + " no answer";
    text += ms(clock::now() - asked);
    constexpr int reads_max = 100'000;
    for (int count = 0; !to.websocket && count < reads_max && with.read_some(); ++count)
        ;
    return text + ms(found.took + (clock::now() - began));
}

}  // namespace

part timings(const std::string& name, const url& to, const effort& how, const going& go_on)
{
    part found{name, true,
               describe(to) + "\nms: lookup, connect, TLS, first byte after the request, total\n"};
    int failed = 0;
    int tried = 0;
    for (; tried < how.times && go_on(); ++tried) {
        const auto line = once(to, how.patience);
        found.text += line + "\n";
        failed += std::ranges::any_of(line, [](unsigned char c) { return std::isalpha(c) != 0; });
    }
    if (failed > 0)
        found.notes.push_back(
            fmt::format("{} of {} tries at {} did not end well", failed, tried, describe(to)));
    return found;
}

}  // namespace deadair::prober::evidence
