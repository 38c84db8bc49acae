#pragma once

#include <deque>

#include "prober/dialogue/dialogue.hpp"
#include "prober/dialogue/resp.hpp"

namespace deadair::dialogue {

/// Redis and what speaks like it (RESP2): the question is PING, and PUBLISH on one connection makes
/// the server speak on another that has subscribed.
class redis final : public conversation {
public:
    redis(const words& said, fresh own) : said_{said}, own_{std::move(own)} {}

    wire::buffer greet() override;
    wire::buffer ask() override;
    wire::buffer let_speak(std::uint32_t on, std::uint32_t number) override;
    heard take(wire::bytes input) override;

private:
    heard heed_list(const std::vector<std::string_view>& items, heard said);
    heard heed_line(const resp_reply& reply, heard said);
    heard answered(heard said);

    const words& said_;
    fresh own_;
    std::deque<std::uint32_t> published_;  // and not answered
    bool login_{};                         // is not answered
    bool asked_{};                         // and not answered
    bool ready_{};
};

}  // namespace deadair::dialogue
