#pragma once

#include "prober/dialogue/dialogue.hpp"

namespace deadair::dialogue {

/// MQTT 3.1.1 (OASIS, 2014): the question is PINGREQ. The broker is told that it need not wait for
/// signs of life (keep alive 0), so that it ends no silence. Who listens to a topic is made to hear
/// something by PUBLISH (QoS 0) on another connection, which listens as well: the copy that comes
/// there is the broker's word that it spoke.
class mqtt final : public conversation {
public:
    mqtt(const words& said, fresh own) : said_{said}, own_{std::move(own)} {}

    wire::buffer greet() override;
    wire::buffer ask() override;
    wire::buffer let_speak(std::uint32_t on, std::uint32_t number) override;
    heard take(wire::bytes input) override;

private:
    std::string client_id() const;
    wire::buffer subscription() const;
    heard admitted(std::byte code, heard said);
    heard subscribed(wire::bytes body, heard said);
    heard published(wire::bytes body, heard said) const;

    const words& said_;
    fresh own_;
    bool asked_{};  // and not answered
    bool ready_{};
};

}  // namespace deadair::dialogue
