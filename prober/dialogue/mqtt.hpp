#pragma once

#include "prober/dialogue/dialogue.hpp"

namespace deadair::dialogue {

/// MQTT 3.1.1 (OASIS, 2014): the question is PINGREQ. The broker is told that it need not wait for
/// signs of life (keep alive 0), so that it ends no silence.
class mqtt final : public conversation {
public:
    mqtt(const words& said, fresh own) : said_{said}, own_{std::move(own)} {}

    wire::buffer greet() override;
    wire::buffer ask() override;
    heard take(wire::bytes input) override;

private:
    std::string client_id() const;

    const words& said_;
    fresh own_;
    bool asked_{};  // and not answered
    bool ready_{};
};

}  // namespace deadair::dialogue
