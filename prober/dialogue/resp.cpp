#include "prober/dialogue/resp.hpp"

#include <charconv>
#include <optional>

namespace deadair::dialogue {

namespace {

using reading = resp_reply::reading;

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t line_max = 4096;
constexpr std::size_t items_max = 8;

/// Takes one thing after the other off the front, until one is not whole or not right.
class cursor {
public:
    explicit cursor(std::string_view text) : rest_{text} {}

    reading state() const { return state_; }
    std::size_t left() const { return rest_.size(); }

    std::string_view line()
    {
        const auto end = rest_.find(line_end);
        if (end == rest_.npos)
            return fail(rest_.size() > line_max ? reading::nonsense : reading::more);
        return take(end);
    }
    std::size_t number(std::string_view digits)
    {
        std::size_t value = 0;
        const auto* const end = digits.data() + digits.size();
        const auto [stopped, error] = std::from_chars(digits.data(), end, value);
        if (error != std::errc{} || stopped != end || digits.empty())
            fail(reading::nonsense);
        return value;
    }
    /// "$3", its bytes; ":7" is its own text.
    std::string_view item()
    {
        const auto head = line();
        if (state_ != reading::whole)
            return {};
        if (head.starts_with(':'))
            return head.substr(1);
        if (!head.starts_with('$'))
            return fail(reading::nonsense);
        const auto length = number(head.substr(1));
        if (length > line_max)
            return fail(reading::nonsense);
        if (state_ == reading::whole && rest_.size() < length + line_end.size())
            return fail(reading::more);
        return state_ == reading::whole ? take(length) : std::string_view{};
    }

private:
    std::string_view take(std::size_t length)
    {
        const auto taken = rest_.substr(0, length);
        if (rest_.substr(length, line_end.size()) != line_end)
            return fail(reading::nonsense);
        rest_.remove_prefix(length + line_end.size());
        return taken;
    }
    std::string_view fail(reading why)
    {
        if (state_ == reading::whole)
            state_ = why;
        return {};
    }

    std::string_view rest_;
    reading state_{reading::whole};
};

}  // namespace

resp_reply read_resp(wire::bytes input)
{
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    resp_reply reply;
    if (text.empty())
        return reply;
    reply.kind = text.front();
    cursor at{text.substr(1)};
    constexpr std::string_view kinds = "+-:*";
    if (kinds.find(reply.kind) == kinds.npos) {
        reply.how = reading::nonsense;
        return reply;
    }
    reply.text = at.line();
    const bool listed = reply.kind == '*' && at.state() == reading::whole;
    const auto count = listed ? at.number(reply.text) : 0;
    reply.how = count > items_max ? reading::nonsense : at.state();
    while (reply.how == reading::whole && reply.items.size() < count) {
        reply.items.push_back(at.item());
        reply.how = at.state();
    }
    reply.size = text.size() - at.left();
    return reply;
}

}  // namespace deadair::dialogue
