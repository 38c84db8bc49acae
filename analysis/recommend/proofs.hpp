#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// What the proof runs (tests/proofs) found: texts of stacks held against a real firewall.
namespace deadair::recommend {

/// A line of data/proofs.txt, which the proof run writes.
struct proof {
    std::string_view stack;
    std::string_view versions;  ///< "requests 2.28.1, urllib3 1.26.12"
    std::string_view date;      ///< of the proof run, ISO 8601
    std::uint64_t text{};       ///< `fingerprint` of the template that was pasted
    std::string_view shown;     ///< what was seen to come true
    std::string_view open;      ///< what could not be proven; empty: nothing
};

/// The proof of a stack's text, if there is one.
std::optional<proof> proof_of(std::string_view stack);

/// Every line. Throws std::logic_error when one is malformed.
std::vector<proof> proofs();

/// Tells one text from another (FNV-1a, 64 bits): a text that was changed since is not proven.
std::uint64_t fingerprint(std::string_view text);

}  // namespace deadair::recommend
