#pragma once

#include "prober/dialogue/dialogue.hpp"

namespace deadair::dialogue {

/// HTTP/1.1 on a connection that is kept (RFC 9112, section 9.3): the question is HEAD, whose
/// answer has no body, and any status is an answer.
class http final : public conversation {
public:
    explicit http(const words& said) : said_{said} {}

    wire::buffer greet() override { return ask(); }
    wire::buffer ask() override;
    heard take(wire::bytes input) override;

private:
    const words& said_;
    bool asked_{};  // and not answered
    bool ready_{};
};

}  // namespace deadair::dialogue
