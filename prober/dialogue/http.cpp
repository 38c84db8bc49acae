#include "prober/dialogue/http.hpp"

#include <fmt/format.h>

namespace deadair::dialogue {

namespace {

heard no_http()
{
    return {.is = meaning::refused,
            .why =
                "what answers there does not speak HTTP/1.1; is it an http server, and does "
                "it speak more than HTTP/2?"};
}

wire::buffer raw(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span{text});
    return {bytes.begin(), bytes.end()};
}

std::string with_delay(std::string target, nanoseconds after)
{
    for (const auto& each : placeholders)
        if (const auto at = target.find(each.text); at != target.npos)
            target.replace(at, each.text.size(), fmt::format("{}", after / each.unit));
    return target;
}

}  // namespace

wire::buffer http::ask_for_later(nanoseconds after)
{
    asked_ = true;
    head_ = false;
    return raw(request_head("GET", with_delay(said_.delayed, after), said_) + "\r\n");
}

wire::buffer http::ask()
{
    asked_ = true;
    head_ = !said_.body;
    auto text = request_head(said_.body ? "POST" : "HEAD", said_.target, said_);
    if (said_.body)
        text += fmt::format("Content-Length: {}\r\n\r\n{}", said_.body->size(), *said_.body);
    else
        text += "\r\n";
    return raw(text);
}

heard http::take(wire::bytes input)
{
    std::size_t consumed = 0;
    if (!body_) {
        then_ = take_head(input);
        if (!body_)
            return then_;
        consumed = then_.consumed;
    }
    const auto taken = body_->take(input.subspan(consumed));
    consumed += taken.consumed;
    if (taken.is == answer_body::state::more)
        return {.is = meaning::more, .consumed = consumed};
    body_.reset();
    if (taken.is == answer_body::state::nonsense)
        return no_http();
    then_.consumed = consumed;
    return then_;
}

// Begins the body of an answer.
heard http::take_head(wire::bytes input)
{
    const auto [how, head] = read_answer_head(input);
    if (how == reading::more)
        return {};
    if (how == reading::nonsense)
        return no_http();
    if (std::exchange(asked_, false))
        return answered(head);
    heard said{.is = meaning::unasked, .consumed = head.size, .last = !head.lasting};
    // An idle connection's end is told so: 408 (RFC 9110, section 15.5.9).
    if (said.last) {
        said.is = meaning::leaving;
        said.why = fmt::format("HTTP {}", head.status);
    }
    return said;
}

heard http::answered(const answer_head& head)
{
    const answer_body body{head, head_};
    heard said{.is = ready_ ? meaning::answered : meaning::ready,
               .consumed = head.size,
               .last = !head.lasting || body.ends_connection(),
               .why = refusal_of(head)};
    if (said.why.empty() && !ready_ && said.last)
        said.why =
            "the server closes each connection after one answer, so that none is ever idle; "
            "measure a server that keeps them (HTTP keep-alive), or wss://";
    if (!said.why.empty())
        said.is = meaning::refused;
    else
        body_ = body;
    ready_ = true;
    return said;
}

}  // namespace deadair::dialogue
