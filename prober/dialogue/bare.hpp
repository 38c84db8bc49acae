#pragma once

#include "prober/dialogue/dialogue.hpp"

namespace deadair::dialogue {

/// A server of which nothing is known but that it speaks TLS: a record that nobody can decrypt
/// draws an alert from whoever holds the keys (RFC 8446, section 6.2), and ends the connection. Of
/// one that speaks TCP alone nothing can be asked: its kernel's answer to a keepalive has to do.
class bare final : public conversation {
public:
    explicit bare(bool secured) : secured_{secured} {}

    wire::buffer greet() override { return {}; }
    /// To be sent beneath TLS; empty: a keepalive is to be sent.
    wire::buffer ask() override;
    heard take(wire::bytes input) override;

private:
    bool secured_;
    bool asked_{};
};

}  // namespace deadair::dialogue
