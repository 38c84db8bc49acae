#include "prober/dialogue/answer_body.hpp"

#include <algorithm>
#include <charconv>

namespace deadair::dialogue {

namespace {

constexpr std::string_view line_end = "\r\n";
// Of a chunk's size with its extensions, or a trailer.
constexpr std::size_t line_max = 8192;

bool read_number(std::string_view digits, int base, std::uint64_t& into)
{
    const auto* const end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, into, base);
    return error == std::errc{} && stopped == end;
}

}  // namespace

answer_body::answer_body(const answer_head& head, bool to_head)
{
    const auto length = head.field("content-length");
    if (to_head || head.status == 204 || head.status == 304)
        return;
    if (head.says("transfer-encoding", "chunked")) {
        next_ = part::chunk_size;
    } else if (!length.empty()) {
        wrong_ = !read_number(length, 10, left_);
        next_ = left_ > 0 ? part::counted : part::nothing;
    } else {
        endless_ = true;
    }
}

answer_body::taken answer_body::take(wire::bytes input)
{
    const std::string_view all{reinterpret_cast<const char*>(input.data()), input.size()};
    taken so_far;
    while (!wrong_ && next_ != part::nothing) {
        const auto used = take_piece(all.substr(so_far.consumed));
        if (used == 0)
            break;
        so_far.consumed += used;
    }
    if (wrong_)
        so_far.is = state::nonsense;
    else if (next_ == part::nothing)
        so_far.is = state::whole;
    return so_far;
}

// Returns how much of it is done with; 0: more is needed.
std::size_t answer_body::take_piece(std::string_view text)
{
    if (next_ == part::counted || next_ == part::chunk) {
        const auto part_of = std::min<std::uint64_t>(left_, text.size());
        left_ -= part_of;
        if (left_ == 0)
            next_ = next_ == part::counted ? part::nothing : part::chunk_end;
        return static_cast<std::size_t>(part_of);
    }
    const auto end = text.find(line_end);
    wrong_ = end == text.npos ? text.size() > line_max : !take_line(text.substr(0, end));
    return wrong_ || end == text.npos ? 0 : end + line_end.size();
}

// Section 7.1.
bool answer_body::take_line(std::string_view line)
{
    switch (next_) {
        case part::chunk_size:
            if (!read_number(line.substr(0, line.find_first_of("; \t")), 16, left_))
                return false;
            next_ = left_ > 0 ? part::chunk : part::trailer;
            return true;
        case part::chunk_end:
            next_ = part::chunk_size;
            return line.empty();
        case part::trailer:
            if (line.empty())
                next_ = part::nothing;
            return true;
        default:
            return false;
    }
}

}  // namespace deadair::dialogue
