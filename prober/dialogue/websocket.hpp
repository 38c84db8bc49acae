#pragma once

#include "prober/dialogue/dialogue.hpp"

namespace deadair::dialogue {

/// A WebSocket (RFC 6455): the question is a ping, and the answer the pong that repeats its
/// payload.
class websocket final : public conversation {
public:
    websocket(const words& said, fresh own) : said_{said}, own_{std::move(own)} {}

    wire::buffer greet() override;
    wire::buffer ask() override;
    heard take(wire::bytes input) override;

private:
    heard take_answer(wire::bytes input);
    heard take_frame(wire::bytes input);

    const words& said_;
    fresh own_;
    std::uint32_t asked_{};  // the number of the latest question
    bool ready_{};
};

}  // namespace deadair::dialogue
