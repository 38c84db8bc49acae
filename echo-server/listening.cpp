#include "echo-server/listening.hpp"

#include <fmt/format.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <stdexcept>

namespace deadair::echo_server {

namespace {

using tcp = boost::asio::ip::tcp;

[[noreturn]] void fail()
{
    throw boost::system::system_error{errno, boost::system::system_category()};
}

void set(int socket, int level, int name, int value)
{
    if (::setsockopt(socket, level, name, &value, sizeof value) != 0)
        fail();
}

tcp::endpoint resolve(const listen_address& at)
{
    boost::asio::io_context io;
    boost::system::error_code error;
    const auto found =
        tcp::resolver{io}.resolve(at.host, std::to_string(at.port), tcp::resolver::passive, error);
    if (error || found.empty())
        throw std::runtime_error(fmt::format("--listen {}: the address is not known here: {}",
                                             at.text, error.message()));
    return found.begin()->endpoint();
}

// A classic BPF program that yields the source address modulo the number of processes; the
// kernel takes it as the socket's index in the order of binding (SO_ATTACH_REUSEPORT_CBPF).
void share_by_source(int socket, std::size_t processes)
{
    constexpr auto packet = static_cast<std::uint32_t>(SKF_NET_OFF);  // the IP header's place
    const auto count = static_cast<std::uint32_t>(processes);
    std::array<sock_filter, 11> program{{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, packet),       // the version is the upper half
        BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),           //
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 2, 0),     //
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, packet + 12),  // IPv4: the source (RFC 791)
        BPF_STMT(BPF_JMP | BPF_JA, 4),                    //
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, packet + 8),   // IPv6: its first half (RFC 8200)
        BPF_STMT(BPF_MISC | BPF_TAX, 0),                  //
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, packet + 12),  //
        BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),           //
        BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, count),       //
        BPF_STMT(BPF_RET | BPF_A, 0),
    }};
    const sock_fprog whole{.len = program.size(), .filter = program.data()};
    if (::setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &whole, sizeof whole) != 0)
        fail();
}

}  // namespace

listening_socket::~listening_socket()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

tcp::endpoint listening_socket::local() const
{
    tcp::endpoint found;
    auto size = static_cast<socklen_t>(found.capacity());
    if (::getsockname(descriptor_, found.data(), &size) != 0)
        fail();
    found.resize(size);
    return found;
}

listening_socket listen_on(const tcp::endpoint& at, bool shared)
{
    listening_socket made{
        ::socket(at.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const int socket = made.descriptor();
    if (socket < 0)
        fail();
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    if (shared)
        set(socket, SOL_SOCKET, SO_REUSEPORT, 1);
    if (at.address().is_v6())  // [::] takes IPv4, too
        set(socket, IPPROTO_IPV6, IPV6_V6ONLY, at.address().is_unspecified() ? 0 : 1);
    if (::bind(socket, at.data(), static_cast<socklen_t>(at.size())) != 0 ||
        ::listen(socket, SOMAXCONN) != 0)
        fail();
    return made;
}

std::vector<listening_socket> listen_for(const listen_address& at, std::size_t processes)
{
    auto where = resolve(at);
    std::vector<listening_socket> made;
    try {
        for (std::size_t i = 0; i < processes; ++i) {
            made.push_back(listen_on(where, processes > 1));
            where = made.front().local();  // the port that the system chose where 0 was asked for
        }
        if (processes > 1)
            share_by_source(made.front().descriptor(), processes);
    } catch (const boost::system::system_error& problem) {
        const bool low_port = problem.code() == boost::system::errc::permission_denied;
        throw std::runtime_error(
            fmt::format("cannot listen on {}: {}; {}", at.text, problem.code().message(),
                        low_port ? "start as root with --user NAME, or choose a port above 1023"
                                 : "choose another address"));
    }
    return made;
}

}  // namespace deadair::echo_server
