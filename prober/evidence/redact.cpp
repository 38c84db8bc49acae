#include "prober/evidence/redact.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace deadair::prober::evidence {

namespace {

bool parses(int family, const std::string& word)
{
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(family, word.c_str(), bytes.data()) == 1;
}

bool is_address(const std::string& word)
{
    return parses(AF_INET, word) || parses(AF_INET6, word);
}

// "f2:f7:07:b3:30:ed"
bool is_link_address(const std::string& word)
{
    constexpr std::size_t length = 17;
    return word.size() == length && std::ranges::count(word, ':') == 5;
}

bool tells_nothing(const std::string& word)
{
    return word.starts_with("127.") || word == "0.0.0.0" || word == "::" || word == "::1" ||
           word == "00:00:00:00:00:00";
}

bool may_be_of_address(char c)
{
    return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
}

void replace_all(std::string& in, const std::string& what, const std::string& by)
{
    for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size()))
        in.replace(at, what.size(), by);
}

}  // namespace

void redactor::hide(const std::string& name, const std::string& mask)
{
    if (!name.empty() && !is_address(name))
        names_.emplace(name, mask);
}

std::string redactor::mask_of(const std::string& word)
{
    if (tells_nothing(word) || (!is_address(word) && !is_link_address(word)))
        return word;
    const auto kind = is_address(word) ? "address" : "link";
    return masks_.try_emplace(word, fmt::format("{}-{}", kind, masks_.size() + 1)).first->second;
}

std::string redactor::operator()(std::string_view text)
{
    std::string done;
    while (!text.empty()) {
        const auto end = std::ranges::find_if_not(text, may_be_of_address);
        std::string word{text.begin(), end};
        text.remove_prefix(word.size());
        // A sentence may end behind an address, and a port may follow one of IPv4.
        std::string rest;
        while (word.ends_with('.') || (word.ends_with(':') && !word.ends_with("::"))) {
            rest.insert(0, 1, word.back());
            word.pop_back();
        }
        if (const auto colon = word.find(':');
            colon != std::string::npos && parses(AF_INET, word.substr(0, colon))) {
            rest.insert(0, word.substr(colon));
            word.resize(colon);
        }
        done += mask_of(word) + rest;
        const auto next = std::ranges::find_if(text, may_be_of_address);
        done.append(text.begin(), next);
        text.remove_prefix(static_cast<std::size_t>(next - text.begin()));
    }
    for (const auto& [name, mask] : names_)
        replace_all(done, name, mask);
    return done;
}

}  // namespace deadair::prober::evidence
