#pragma once

#include "prober/session/any_stay.hpp"
#include "prober/session/session.hpp"

namespace deadair::prober {

/// A stay at our echo server.
class stay final : public any_stay {
public:
    struct settings {
        control::settings server;
        nanoseconds verdict_after{std::chrono::seconds{2}};  ///< silence that makes a probe lost
        run_clock clock{};                                   ///< of the run; else it begins now
    };

    /// @param server  outlives it
    stay(boost::asio::io_context& io, const target& server, const settings& how, stay_user& user);

    using any_stay::keep;
    /// From now on the client does with it what the settings say.
    void keep(connection& here, const hold::settings& with);

    /// nullptr once it is closed.
    connection* find(std::uint32_t number) { return session_.find(number); }
    control& control_connection() { return session_.control_connection(); }

private:
    session& session_;
};

/// What begins such a stay for a user. @param server  outlives it
std::function<std::unique_ptr<any_stay>(stay_user&)> stay_at(boost::asio::io_context& io,
                                                             const target& server,
                                                             control::settings how);

}  // namespace deadair::prober
