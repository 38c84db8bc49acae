#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "echo-server/log.hpp"
#include "echo-server/server.hpp"
#include "tests/loopback/relay.hpp"

namespace deadair::loopback {

/// A folder that goes with the test.
class temporary_folder {
public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// An echo server on a thread of its own, behind a relay that forgets.
class far_side {
public:
    explicit far_side(const relay_rules& rules);
    ~far_side();

    /// From any thread: the relay forgets all that come by while it is dark.
    void darken(bool is) { relay_->darken(is); }

    /// As the command line names it; through the relay.
    std::string host() const { return "127.0.0.1:" + std::to_string(relay_->port()); }
    const std::string& pin() const { return pin_; }
    /// As the command line names it; a file that only its owner reads.
    std::string token_file() const { return (folder_ / "token").string(); }

private:
    temporary_folder folder_;
    boost::asio::io_context io_;
    echo_server::log log_{echo_server::log_level::error};
    std::string pin_;
    std::unique_ptr<echo_server::server> server_;
    std::unique_ptr<relay> relay_;
    std::thread thread_;
};

}  // namespace deadair::loopback
