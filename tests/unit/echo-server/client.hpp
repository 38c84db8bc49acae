#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "echo-server/transport/channel.hpp"

namespace deadair::echo_server {

class temporary_directory {
public:
    temporary_directory()
    {
        std::string pattern = testing::TempDir() + "deadair-XXXXXX";
        path_ = mkdtemp(pattern.data());
    }
    ~temporary_directory() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A client's end that remembers what it was told.
class client final : public net::channel_events {
public:
    std::shared_ptr<net::channel> channel;
    std::vector<std::pair<wire::frame_type, wire::buffer>> frames;
    bool open{};
    bool over{};
    wire::end_cause cause{};

    void on_open() override
    {
        open = true;
        channel->accept_bodies_up_to(wire::body_max);
    }
    void on_frame(const wire::frame& seen) override
    {
        frames.emplace_back(seen.type, wire::buffer{seen.body.begin(), seen.body.end()});
    }
    void on_end(wire::end_cause how, const std::string&) override
    {
        over = true;
        cause = how;
    }
    ~client() override
    {
        if (channel)
            channel->close();
    }
};

}  // namespace deadair::echo_server
