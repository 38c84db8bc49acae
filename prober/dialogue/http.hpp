#pragma once

#include <optional>

#include "prober/dialogue/answer_body.hpp"
#include "prober/dialogue/dialogue.hpp"

namespace deadair::dialogue {

/// HTTP/1.1 on a connection that is kept (RFC 9112, section 9.3): the question is HEAD, or POST
/// where there is a body to send, and any status is an answer.
class http final : public conversation {
public:
    explicit http(const words& said) : said_{said} {}

    wire::buffer greet() override { return ask(); }
    wire::buffer ask() override;
    wire::buffer ask_for_later(nanoseconds after) override;
    heard take(wire::bytes input) override;

private:
    heard take_head(wire::bytes input);
    heard answered(const answer_head& head);

    const words& said_;
    std::optional<answer_body> body_;  // that is under way
    heard then_;                       // once it is whole
    bool asked_{};                     // and not answered
    bool head_{};                      // by HEAD, at last: the answer has no body
    bool ready_{};
};

}  // namespace deadair::dialogue
