#pragma once

#include <string>
#include <vector>

#include "echo-server/identity.hpp"
#include "echo-server/options.hpp"
#include "echo-server/transport/tls.hpp"
#include "echo-server/wire/token.hpp"

/// What happens between the command line and the first connection.
namespace deadair::echo_server {

/// What the server is and whom it lets in.
struct state {
    net::tls_context context;
    std::string pin;
    std::filesystem::path token_file;
    std::vector<wire::token> tokens;
};

/// The certificate and key that the options name, which only root may be able to read.
/// @throws std::runtime_error with one sentence that names the file and the way out.
state load_certificate(const options& wanted);
/// All the rest: the tokens and, where no certificate was given, a key pair of our own; what is
/// missing in the state directory is made. @throws as above.
void load_state(const options& wanted, state& begun);
std::vector<wire::token> read_tokens(const options& wanted);

/// Lets the process have so many connections, or says what to do.
/// @return how many it can hold, at most what was asked for.
std::size_t raise_file_limit(std::size_t connections, log& to);

/// The sockets of one process.
struct process_doors {
    std::vector<listening_socket> listening;
    listening_socket metrics;
};

/// One for each process. @throws std::runtime_error if a port is in use or not of this host.
std::vector<process_doors> open_doors(const options& wanted);

/// Prints what the server listens on, its pin, and a prober command ready to paste.
void announce(const state& prepared, const std::vector<process_doors>& doors);

}  // namespace deadair::echo_server
