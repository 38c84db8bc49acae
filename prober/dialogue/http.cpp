#include "prober/dialogue/http.hpp"

#include <fmt/format.h>

#include "prober/dialogue/answer_head.hpp"

namespace deadair::dialogue {

wire::buffer http::ask()
{
    asked_ = true;
    const auto text = request_head("HEAD", said_) + "\r\n";
    const auto raw = std::as_bytes(std::span{text});
    return {raw.begin(), raw.end()};
}

heard http::take(wire::bytes input)
{
    const auto [how, head] = read_answer_head(input);
    if (how == reading::more)
        return {};
    if (how == reading::nonsense)
        return {.is = meaning::refused,
                .why =
                    "what answers there does not speak HTTP/1.1; is it an http server, and does "
                    "it speak more than HTTP/2?"};
    heard said{.is = meaning::unasked, .consumed = head.size, .last = !head.lasting};
    if (!asked_) {
        // An idle connection's end is told so: 408 (RFC 9110, section 15.5.9).
        if (said.last) {
            said.is = meaning::leaving;
            said.why = fmt::format("HTTP {}", head.status);
        }
        return said;
    }
    asked_ = false;
    said.is = ready_ ? meaning::answered : meaning::ready;
    said.why = refusal_of(head);
    if (said.why.empty() && !ready_ && said.last)
        said.why =
            "the server closes each connection after one answer, so that none is ever idle; "
            "measure a server that keeps them (HTTP keep-alive), or wss://";
    if (!said.why.empty())
        said.is = meaning::refused;
    ready_ = true;
    return said;
}

}  // namespace deadair::dialogue
