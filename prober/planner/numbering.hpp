#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace deadair::planner {

/// Gives the connections, or the probes, of all parts of a programme one sequence of numbers.
class numbering {
public:
    /// The part of the programme, and the number that the part uses itself.
    struct owner {
        std::size_t part{};
        std::uint32_t own{};
    };

    explicit numbering(std::uint32_t first) : first_{first} {}

    /// A number for what the part has just begun. A part counts from 1 without a gap.
    std::uint32_t give(const owner& to);
    /// The number that was given.
    std::uint32_t of(const owner& whose) const;
    /// Whose number that is.
    owner whose(std::uint32_t number) const;

private:
    std::uint32_t first_;
    std::vector<owner> owners_;                      // by number, from `first_`
    std::vector<std::vector<std::uint32_t>> given_;  // by part, then by its own number, from 1
};

}  // namespace deadair::planner
