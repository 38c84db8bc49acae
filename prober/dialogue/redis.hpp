#pragma once

#include "prober/dialogue/dialogue.hpp"

namespace deadair::dialogue {

/// Redis and what speaks like it (RESP2): the question is PING.
class redis final : public conversation {
public:
    explicit redis(const words& said) : said_{said} {}

    wire::buffer greet() override;
    wire::buffer ask() override;
    heard take(wire::bytes input) override;

private:
    const words& said_;
    bool login_{};  // is not answered
    bool asked_{};  // and not answered
    bool ready_{};
};

}  // namespace deadair::dialogue
