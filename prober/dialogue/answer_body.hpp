#pragma once

#include <cstdint>

#include "prober/dialogue/answer_head.hpp"

namespace deadair::dialogue {

/// What follows an answer's head (RFC 9112, section 6.3), passed over piece by piece. A body that
/// lasts until the connection ends is none here: who sends it keeps no connection.
class answer_body {
public:
    enum class state : std::uint8_t { more, whole, nonsense };
    struct taken {
        state is{state::more};
        std::size_t consumed{};
    };

    /// @param to_head  it answers HEAD
    answer_body(const answer_head& head, bool to_head);

    taken take(wire::bytes input);
    /// It lasts until the connection ends.
    bool ends_connection() const { return endless_; }

private:
    /// What comes next.
    enum class part : std::uint8_t { counted, chunk_size, chunk, chunk_end, trailer, nothing };

    bool take_line(std::string_view line);
    std::size_t take_piece(std::string_view text);

    part next_{part::nothing};
    std::uint64_t left_{};  // of what is counted
    bool endless_{};
    bool wrong_{};
};

}  // namespace deadair::dialogue
