#pragma once

#include <optional>
#include <string>

#include "prober/command/common_options.hpp"
#include "prober/hops/measurement.hpp"

namespace deadair::prober {

inline constexpr const char* hops_end_at_a_proxy =
    "hops end at a proxy, since it ends TCP: run this where the server can be reached without one";

/// What `hops` and `measure --hops` are told beside the server.
struct hops_options {
    std::uint32_t connections{};
    std::optional<nanoseconds> idle_max;
    std::optional<server_options> control;  ///< behind the other path
};
/// --control and what goes with it
void add_control_options(po::options_description& add);
/// @param like  whose token and trust hold for the other server, too, unless others are given
/// @throws usage_error
std::optional<server_options> read_control(const po::variables_map& given,
                                           const server_options& like);

/// What a measurement of the hops needs from the network, found out before it begins.
struct hops_target {
    target server;
    net::tls_context context;
    std::vector<store::hop> way;
    path on;
    control::settings how;
};
/// Looks the server up and asks the way to it, which takes some seconds.
/// @throws exit_error if the way cannot be asked or does not lead there
hops_target find_way(boost::asio::io_context& io, server_options& wanted, transport kind);

/// Asks the ways, and fills in what follows from them and from the idle timeout.
/// @throws usage_error, exit_error where nothing could be told
hops::measurement::settings hops_settings(const hops_options& wanted, const hops_target& near,
                                          const std::optional<hops_target>& other,
                                          const known_timeout& timeout, double open_rate);

/// Writes the answer of a run, and says whether there is one.
exit_code tell_hops(const store::database& from, store::run_id run,
                    const std::optional<std::string>& json, const std::filesystem::path& database);

}  // namespace deadair::prober
