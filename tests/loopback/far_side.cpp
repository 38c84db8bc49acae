#include "tests/loopback/far_side.hpp"

#include <boost/asio/post.hpp>
#include <cstdlib>
#include <fstream>

#include "echo-server/identity.hpp"
#include "echo-server/transport/pin.hpp"
#include "echo-server/transport/traffic_keys.hpp"

namespace deadair::loopback {

namespace {

const std::string secret_hex(64, '7');

}  // namespace

temporary_folder::temporary_folder()
{
    auto pattern = (std::filesystem::temp_directory_path() / "deadair-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

temporary_folder::~temporary_folder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

far_side::far_side(const relay_rules& rules)
{
    const auto own = echo_server::load_or_make_identity(folder_ / "");
    pin_ = net::pin_of(own.certificate.get());
    std::ofstream{token_file()} << secret_hex << '\n';
    std::filesystem::permissions(
        token_file(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const wire::token valid{.name = "test", .secret = *wire::parse_secret(secret_hex)};
    auto context = net::make_server_context(own.certificate.get(), own.key.get());
    net::note_traffic_keys(context.get());
    server_ = std::make_unique<echo_server::server>(io_, std::move(context), std::vector{valid},
                                                    echo_server::server_limits{}, log_);
    const auto at = server_->listen({boost::asio::ip::address_v4::loopback(), 0});
    relay_ = std::make_unique<relay>(io_, at.port(), rules);
    thread_ = std::thread{[this] { io_.run(); }};
}

far_side::~far_side()
{
    boost::asio::post(io_, [this] {
        relay_->stop();
        server_->stop();
        io_.stop();
    });
    thread_.join();
}

}  // namespace deadair::loopback
