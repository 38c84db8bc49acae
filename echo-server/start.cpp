#include "echo-server/start.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstdio>
#include <stdexcept>

#include "analysis/words/shell.hpp"
#include "deadair/version.hpp"
#include "echo-server/transport/pin.hpp"
#include "echo-server/transport/random.hpp"
#include "echo-server/transport/secret_file.hpp"
#include "echo-server/transport/token_file.hpp"
#include "echo-server/transport/traffic_keys.hpp"

namespace deadair::echo_server {

namespace {

std::filesystem::path token_file_of(const options& wanted)
{
    return wanted.token_file.value_or(wanted.state_dir / "token");
}

void check_state_dir(const std::filesystem::path& directory, const std::string& user)
{
    if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
        throw std::runtime_error(fmt::format(
            "the state directory {} cannot be used by {}: {}; name another with --state-dir, or "
            "give it to that user",
            directory.string(), user, std::generic_category().message(errno)));
}

std::string fresh_token()
{
    return wire::to_hex(net::random_bytes<std::array<std::byte, wire::token_size>>());
}

std::string pin_of_file(const std::filesystem::path& certificate)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> file{std::fopen(certificate.c_str(), "re"),
                                                     &std::fclose};
    const std::unique_ptr<X509, x509_free> read{
        file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr};
    if (!read)
        throw std::runtime_error(
            fmt::format("--certificate {} holds no certificate in PEM", certificate.string()));
    return net::pin_of(read.get());
}

std::string host_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this-host";
}

std::string describe(const boost::asio::ip::tcp::endpoint& at)
{
    return fmt::format(fmt::runtime(at.address().is_v6() ? "[{}]:{}" : "{}:{}"),
                       at.address().to_string(), at.port());
}

// How a prober on another host would name this endpoint.
std::string reachable_as(const boost::asio::ip::tcp::endpoint& at)
{
    return at.address().is_unspecified() ? fmt::format("{}:{}", host_name(), at.port())
                                         : describe(at);
}

void note_keys(const options& wanted, state& begun)
{
    if (wanted.hibernate)
        net::note_traffic_keys(begun.context.get());
}

}  // namespace

state load_certificate(const options& wanted)
{
    state begun;
    if (wanted.certificate) {
        net::refuse_if_everybody_may_read(*wanted.private_key, "private key");
        begun.pin = pin_of_file(*wanted.certificate);
        begun.context = net::make_server_context(*wanted.certificate, *wanted.private_key);
        note_keys(wanted, begun);
    }
    return begun;
}

void load_state(const options& wanted, state& begun)
{
    check_state_dir(wanted.state_dir, wanted.user.value_or("this user"));
    begun.token_file = token_file_of(wanted);
    if (!wanted.token_file && !std::filesystem::exists(begun.token_file))
        net::write_secret_once(begun.token_file, fresh_token() + "\n");
    begun.tokens = read_tokens(wanted);
    if (begun.context)
        return;
    const auto own = load_or_make_identity(wanted.state_dir);
    begun.pin = net::pin_of(own.certificate.get());
    begun.context = net::make_server_context(own.certificate.get(), own.key.get());
    note_keys(wanted, begun);
}

std::vector<wire::token> read_tokens(const options& wanted)
{
    return net::read_token_file(token_file_of(wanted));
}

std::size_t raise_file_limit(std::size_t connections, log& to)
{
    constexpr std::size_t for_the_rest = 32;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return connections;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= connections + for_the_rest)
        return connections;
    // Nobody is warned of a number that nobody asked for.
    const bool asked_for = connections != server_limits{}.connections;
    to.write(asked_for ? log_level::warn : log_level::info,
             "event=few_files limit={} wanted={} advice=\"raise it with ulimit -n or "
             "LimitNOFILE=, or lower --max-connections\"",
             limit.rlim_cur, connections + for_the_rest);
    return std::max<std::size_t>(limit.rlim_cur, for_the_rest + 1) - for_the_rest;
}

std::vector<process_doors> open_doors(const options& wanted)
{
    std::vector<process_doors> all(wanted.processes);
    for (const auto& each : wanted.listen) {
        auto sockets = listen_for(each, wanted.processes);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i].listening.push_back(std::move(sockets[i]));
    }
    for (std::size_t i = 0; wanted.metrics && i < all.size(); ++i) {
        auto at = *wanted.metrics;
        if (at.port != 0)
            at.port = static_cast<std::uint16_t>(at.port + i);
        all[i].metrics = std::move(listen_for(at, 1).front());
    }
    return all;
}

void announce(const state& prepared, const std::vector<process_doors>& doors)
{
    const auto& listening = doors.front().listening;
    fmt::print("deadair-echo-server {}\n", version);
    for (const auto& each : listening)
        fmt::print("listening on {}\n", describe(each.local()));
    for (const auto& each : doors)
        if (each.metrics.descriptor() >= 0)
            fmt::print("metrics      http://{}/metrics\n", describe(each.metrics.local()));
    fmt::print("pin          {}\n", prepared.pin);
    const bool any_address = listening.front().local().address().is_unspecified();
    fmt::print("token file   {}\n", prepared.token_file.string());
    fmt::print(
        "\nCopy the token file to the other host (mode 0600), and run there{}:\n\n"
        "  deadair-prober {} --pin {} --token-file {}\n\n",
        any_address ? fmt::format(" (with the name or address that reaches this host from there, "
                                  "in place of {})",
                                  host_name())
                    : "",
        reachable_as(listening.front().local()), prepared.pin,
        shell_word(prepared.token_file.filename().string()));
    std::fflush(stdout);
}

}  // namespace deadair::echo_server
