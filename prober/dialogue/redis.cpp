#include "prober/dialogue/redis.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <utility>

#include "analysis/words/printable.hpp"

namespace deadair::dialogue {

namespace {

constexpr std::size_t shown_max = 100;

void append(wire::buffer& to, std::initializer_list<std::string_view> command)
{
    auto text = fmt::format("*{}\r\n", command.size());
    for (const auto each : command)
        text += fmt::format("${}\r\n{}\r\n", each.size(), each);
    const auto raw = std::as_bytes(std::span{text});
    to.insert(to.end(), raw.begin(), raw.end());
}

std::string refusal_of(std::string_view error, role is)
{
    if (error.starts_with("NOAUTH"))
        return "the server wants a login (NOAUTH); put USER:PASSWORD, or :PASSWORD alone, into a "
               "file and name it with --login-file";
    if (error.starts_with("WRONGPASS") || error.find("invalid password") != error.npos)
        return "the server does not take this login; is what --login-file holds right?";
    if (error.find("max number of clients") != error.npos)
        return "the server has room for no more clients, so nothing more is asked of it";
    const auto shown = printable(std::string{error.substr(0, shown_max)});
    if (is == role::none)
        return fmt::format("the server answers PING with an error: {}", shown);
    return fmt::format(
        "the server answers with an error: {}; where it lets nobody publish and subscribe, or not "
        "this login, --direction to_server measures without",
        shown);
}

}  // namespace

wire::buffer redis::greet()
{
    wire::buffer all;
    login_ = !said_.password.empty();
    if (login_ && said_.user.empty())
        append(all, {"AUTH", said_.password});
    else if (login_)
        append(all, {"AUTH", said_.user, said_.password});
    if (own_.is == role::spoken_to)
        append(all, {"SUBSCRIBE", channel_of(own_, fmt::to_string(own_.number))});
    else {
        const auto question = ask();
        all.insert(all.end(), question.begin(), question.end());
    }
    return all;
}

wire::buffer redis::ask()
{
    asked_ = true;
    wire::buffer made;
    append(made, {"PING"});
    return made;
}

wire::buffer redis::let_speak(std::uint32_t on, std::uint32_t number)
{
    published_.push_back(number);
    wire::buffer made;
    append(made, {"PUBLISH", channel_of(own_, fmt::to_string(on)), fmt::to_string(number)});
    return made;
}

heard redis::take(wire::bytes input)
{
    const auto reply = read_resp(input);
    if (reply.how == resp_reply::reading::more)
        return {};
    if (reply.how == resp_reply::reading::nonsense)
        return {.is = meaning::refused,
                .why = "what answers there does not speak Redis's protocol"};
    heard said{.is = meaning::unasked, .consumed = reply.size};
    if (reply.kind == '-') {
        said.is = meaning::refused;
        said.why = refusal_of(reply.text, own_.is);
        return said;
    }
    return reply.kind == '*' ? heed_list(reply.items, said) : heed_line(reply, said);
}

// What a subscriber is told, the answer to its questions among it.
heard redis::heed_list(const std::vector<std::string_view>& items, heard said)
{
    const auto what = items.empty() ? std::string_view{} : items.front();
    if (what == "subscribe" && !std::exchange(ready_, true)) {
        said.is = meaning::ready;
    } else if (what == "message" && items.size() == 3) {
        const auto text = items.back();
        const auto read = std::from_chars(text.data(), text.data() + text.size(), said.number);
        if (read.ec == std::errc{})
            said.is = meaning::spoken;
    } else if (what == "pong") {
        return answered(said);
    }
    return said;
}

heard redis::heed_line(const resp_reply& reply, heard said)
{
    if (std::exchange(login_, false))
        return said;  // +OK; the answer to the question follows
    if (reply.kind != ':')
        return answered(said);
    if (published_.empty())
        return said;
    // How many subscribers it went to.
    said.is = reply.text == "0" ? meaning::untold : meaning::told;
    said.number = published_.front();
    published_.pop_front();
    return said;
}

heard redis::answered(heard said)
{
    if (std::exchange(asked_, false))
        said.is = std::exchange(ready_, true) ? meaning::answered : meaning::ready;
    return said;
}

}  // namespace deadair::dialogue
