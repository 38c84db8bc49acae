#include "analysis/recommend/proofs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>

#include "analysis/recommend/embedded.hpp"

namespace deadair::recommend {
namespace {

std::string_view take(std::string_view& text, std::string_view separator)
{
    const std::size_t at = text.find(separator);
    const std::string_view taken = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + separator.size());
    return taken;
}

proof parse_proof(std::string_view line)
{
    constexpr std::size_t field_count = 6;
    constexpr int hexadecimal = 16;
    auto rest = line;
    std::array<std::string_view, field_count> field;
    for (auto& each : field)
        each = take(rest, " | ");
    std::uint64_t text{};
    const auto* const end = field[3].data() + field[3].size();
    const auto [stopped, error] = std::from_chars(field[3].data(), end, text, hexadecimal);
    if (error != std::errc{} || stopped != end || field[5].empty() || !rest.empty())
        throw std::logic_error("not a line of proofs.txt: " + std::string(line));
    return {field[0], field[1], field[2], text, field[4], field[5] == "-" ? "" : field[5]};
}

}  // namespace

std::vector<proof> proofs()
{
    std::vector<proof> all;
    for (std::string_view text = embedded_proofs(); !text.empty();) {
        const auto line = take(text, "\n");
        if (!line.empty() && !line.starts_with('#'))
            all.push_back(parse_proof(line));
    }
    return all;
}

std::optional<proof> proof_of(std::string_view stack)
{
    const auto all = proofs();
    const auto found = std::ranges::find(all, stack, &proof::stack);
    return found == all.end() ? std::nullopt : std::optional{*found};
}

std::uint64_t fingerprint(std::string_view text)
{
    constexpr std::uint64_t offset_basis = 0xcbf29ce484222325;
    constexpr std::uint64_t prime = 0x100000001b3;
    std::uint64_t hash = offset_basis;
    for (const char each : text) {
        hash ^= static_cast<unsigned char>(each);
        hash *= prime;
    }
    return hash;
}

}  // namespace deadair::recommend
