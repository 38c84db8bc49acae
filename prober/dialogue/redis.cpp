#include "prober/dialogue/redis.hpp"

#include <fmt/format.h>

#include <string_view>

#include "analysis/words/printable.hpp"

namespace deadair::dialogue {

namespace {

constexpr std::size_t line_max = 4096;
constexpr std::size_t shown_max = 100;

void append(wire::buffer& to, std::initializer_list<std::string_view> command)
{
    auto text = fmt::format("*{}\r\n", command.size());
    for (const auto each : command)
        text += fmt::format("${}\r\n{}\r\n", each.size(), each);
    const auto raw = std::as_bytes(std::span{text});
    to.insert(to.end(), raw.begin(), raw.end());
}

std::string refusal_of(std::string_view error)
{
    if (error.starts_with("NOAUTH"))
        return "the server wants a login (NOAUTH); put USER:PASSWORD, or :PASSWORD alone, into a "
               "file and name it with --login-file";
    if (error.starts_with("WRONGPASS") || error.find("invalid password") != error.npos)
        return "the server does not take this login; is what --login-file holds right?";
    if (error.find("max number of clients") != error.npos)
        return "the server has room for no more clients, so nothing more is asked of it";
    return fmt::format("the server answers PING with an error: {}",
                       printable(std::string{error.substr(0, shown_max)}));
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
    const auto question = ask();
    all.insert(all.end(), question.begin(), question.end());
    return all;
}

wire::buffer redis::ask()
{
    asked_ = true;
    wire::buffer made;
    append(made, {"PING"});
    return made;
}

heard redis::take(wire::bytes input)
{
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    const auto end = text.find("\r\n");
    const bool ours = text.empty() || text.front() == '+' || text.front() == '-';
    if (!ours || (end == text.npos && text.size() > line_max))
        return {.is = meaning::refused,
                .why = "what answers there does not speak Redis's protocol"};
    if (end == text.npos)
        return {};
    const auto line = text.substr(0, end);
    heard said{.is = meaning::unasked, .consumed = end + 2};
    if (line.front() == '-') {
        said.is = meaning::refused;
        said.why = refusal_of(line.substr(1));
    } else if (login_) {
        login_ = false;  // +OK; the answer to the question follows
    } else if (asked_) {
        asked_ = false;
        said.is = ready_ ? meaning::answered : meaning::ready;
        ready_ = true;
    }
    return said;
}

}  // namespace deadair::dialogue
