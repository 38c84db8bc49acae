#pragma once

#include <random>
#include <span>
#include <string_view>

#include "echo-server/wire/frame.hpp"

/// What stands where in a frame, so that frames can be falsified field by field. Pure: chance comes
/// in as an argument.
namespace deadair::lying {

using chance = std::mt19937_64;

struct field {
    std::string_view name;
    std::size_t at;    ///< in the body
    std::size_t size;  ///< 1, 2, 4 or 8: a number; else bytes of no order
};

struct layout {
    wire::frame_type type;
    std::string_view name;  ///< as docs/protocol.md has it, "_" for spaces
    std::size_t size;       ///< of the body; of tickets: with one
    std::span<const field> fields;
    std::size_t facts_at{};  ///< where the ten socket facts begin; 0: there are none
};

/// Where the fields of a frame are; nullptr if it has none.
const layout* layout_of(wire::frame_type type);
const layout* layout_called(std::string_view name);

/// Writes another value into a field of this body: a neighbour, an edge, a moment long ago or far
/// ahead, or anything.
/// @param name  which; empty: any of them
void falsify(std::span<std::byte> body, const layout& of, std::string_view name, chance& by);

/// A number as it stands in a body.
void put(std::span<std::byte> body, const field& into, std::uint64_t value);
std::uint64_t take(std::span<const std::byte> body, const field& from);

}  // namespace deadair::lying
