#pragma once

#include <string>
#include <vector>

#include "echo-server/identity.hpp"
#include "echo-server/options.hpp"

/// What happens between the command line and the first connection.
namespace deadair::echo_server {

/// The key pair and the tokens, from where the options say, or made at the first start.
struct state {
    identity own;  ///< empty where a certificate was given
    std::string pin;
    std::filesystem::path token_file;
    std::vector<wire::token> tokens;
};

/// @throws std::runtime_error with one sentence that names the file and the way out.
state prepare(const options& wanted);
std::vector<wire::token> read_tokens(const options& wanted);
net::tls_context make_context(const options& wanted, const state& prepared);

/// Lets the process have so many connections, or says what to do.
/// @return how many it can hold, at most what was asked for.
std::size_t raise_file_limit(std::size_t connections, log& to);

/// @throws std::runtime_error if the port is in use or the address is not of this host.
net::tcp::endpoint listen(boost::asio::io_context& io, server& serving, const listen_address& at);

/// Prints what the server listens on, its pin, and a prober command ready to paste.
void announce(const state& prepared, const std::vector<net::tcp::endpoint>& bound);

}  // namespace deadair::echo_server
