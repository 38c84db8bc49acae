#include "echo-server/start.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "deadair/version.hpp"
#include "echo-server/transport/pin.hpp"
#include "echo-server/transport/token_file.hpp"

namespace deadair::echo_server {

namespace {

std::filesystem::path token_file_of(const options& wanted)
{
    return wanted.token_file.value_or(wanted.state_dir / "token");
}

void make_state_dir(const std::filesystem::path& directory)
{
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error || ::access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
        throw std::runtime_error(fmt::format(
            "the state directory {} cannot be used: {}; name another with --state-dir",
            directory.string(), error ? error.message() : std::generic_category().message(errno)));
}

std::string fresh_token()
{
    wire::buffer secret(wire::token_size);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()),
                   static_cast<int>(secret.size())) != 1)
        throw std::runtime_error("OpenSSL has no random bytes for a token");
    return wire::to_hex(secret);
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

// How a prober on another host would name this endpoint.
std::string reachable_as(const net::tcp::endpoint& at)
{
    if (at.address().is_unspecified())
        return fmt::format("{}:{}", host_name(), at.port());
    return at.address().is_v6() ? fmt::format("[{}]:{}", at.address().to_string(), at.port())
                                : fmt::format("{}:{}", at.address().to_string(), at.port());
}

}  // namespace

state prepare(const options& wanted)
{
    make_state_dir(wanted.state_dir);
    state prepared;
    prepared.token_file = token_file_of(wanted);
    if (!wanted.token_file)
        if (!std::filesystem::exists(prepared.token_file))
            net::write_secret_once(prepared.token_file, fresh_token() + "\n");
    prepared.tokens = read_tokens(wanted);
    if (wanted.certificate) {
        prepared.pin = pin_of_file(*wanted.certificate);
    } else {
        prepared.own = load_or_make_identity(wanted.state_dir);
        prepared.pin = net::pin_of(prepared.own.certificate.get());
    }
    return prepared;
}

std::vector<wire::token> read_tokens(const options& wanted)
{
    return net::read_token_file(token_file_of(wanted));
}

net::tls_context make_context(const options& wanted, const state& prepared)
{
    return wanted.certificate
               ? net::make_server_context(*wanted.certificate, *wanted.private_key)
               : net::make_server_context(prepared.own.certificate.get(), prepared.own.key.get());
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
    to.write(log_level::warn,
             "event=few_files limit={} wanted={} advice=\"raise it with ulimit -n or "
             "LimitNOFILE=, or lower --max-connections\"",
             limit.rlim_cur, connections + for_the_rest);
    return std::max<std::size_t>(limit.rlim_cur, for_the_rest + 1) - for_the_rest;
}

net::tcp::endpoint listen(boost::asio::io_context& io, server& serving, const listen_address& at)
{
    boost::system::error_code error;
    const auto found = net::tcp::resolver{io}.resolve(at.host, std::to_string(at.port),
                                                      net::tcp::resolver::passive, error);
    if (error || found.empty())
        throw std::runtime_error(fmt::format("--listen {}: the address is not known here: {}",
                                             at.text, error.message()));
    try {
        return serving.listen(found.begin()->endpoint());
    } catch (const boost::system::system_error& problem) {
        throw std::runtime_error(
            fmt::format("cannot listen on {}: {}; choose another with --listen", at.text,
                        problem.code().message()));
    }
}

void announce(const state& prepared, const std::vector<net::tcp::endpoint>& bound)
{
    fmt::print("deadair-echo-server {}\n", version);
    for (const auto& each : bound)
        fmt::print("listening on {}\n",
                   each.address().is_v6()
                       ? fmt::format("[{}]:{}", each.address().to_string(), each.port())
                       : fmt::format("{}:{}", each.address().to_string(), each.port()));
    fmt::print("pin          {}\n", prepared.pin);
    fmt::print("token file   {}\n", prepared.token_file.string());
    fmt::print(
        "\nCopy the token file to the other host (mode 0600), and run there:\n\n"
        "  deadair-prober {} --pin {} --token-file {}\n\n",
        reachable_as(bound.front()), prepared.pin, prepared.token_file.filename().string());
    std::fflush(stdout);
}

}  // namespace deadair::echo_server
