#include "prober/dialogue/cookies.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace deadair::dialogue {

namespace {

// Its name, value and whom it is for, as curl writes them.
struct cookie {
    std::string_view domain;
    bool subdomains{};
    std::string_view path;
    bool secured{};
    std::chrono::seconds until{};  // 0: as long as the session
    std::string_view name;
    std::string_view value;
};

std::vector<std::string_view> fields_of(std::string_view line)
{
    std::vector<std::string_view> found;
    for (;;) {
        const auto end = line.find('\t');
        found.push_back(line.substr(0, end));
        if (end == line.npos)
            return found;
        line.remove_prefix(end + 1);
    }
}

std::optional<cookie> read_cookie(std::string_view line)
{
    auto fields = fields_of(line);
    if (fields.size() == 6)
        fields.emplace_back();  // an empty value
    if (fields.size() != 7 || fields[0].empty() || fields[5].empty())
        return std::nullopt;
    long long until = 0;
    const auto* const end = fields[4].data() + fields[4].size();
    const auto [stopped, error] = std::from_chars(fields[4].data(), end, until);
    if (error != std::errc{} || stopped != end)
        return std::nullopt;
    if (fields[0].starts_with('.'))
        fields[0].remove_prefix(1);
    return cookie{.domain = fields[0],
                  .subdomains = fields[1] == "TRUE",
                  .path = fields[2],
                  .secured = fields[3] == "TRUE",
                  .until = std::chrono::seconds{until},
                  .name = fields[5],
                  .value = fields[6]};
}

bool same_host(std::string_view one, std::string_view other)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return std::ranges::equal(one, other, {}, lower, lower);
}

// Section 5.1.3.
bool fits_host(const cookie& each, std::string_view host)
{
    if (same_host(host, each.domain))
        return true;
    const auto longer = host.size() > each.domain.size() ? host.size() - each.domain.size() : 0;
    return each.subdomains && longer > 0 && host[longer - 1] == '.' &&
           same_host(host.substr(longer), each.domain);
}

// Section 5.1.4.
bool fits_path(const cookie& each, std::string_view path)
{
    path = path.substr(0, path.find('?'));
    return path.starts_with(each.path) &&
           (path.size() == each.path.size() || each.path.ends_with('/') ||
            path[each.path.size()] == '/');
}

bool fits(const cookie& each, const cookie_reader& to)
{
    const bool over = each.until.count() != 0 && each.until <= to.now;
    return !over && (to.secured || !each.secured) && fits_host(each, to.host) &&
           fits_path(each, to.path);
}

bool add(std::string_view line, const cookie_reader& to, std::string& all)
{
    constexpr std::string_view http_only = "#HttpOnly_";
    if (line.starts_with(http_only))
        line.remove_prefix(http_only.size());
    else if (line.empty() || line.starts_with('#'))
        return true;
    std::string one;
    if (line.find('\t') == line.npos) {
        if (line.find('=') == line.npos || line.starts_with('='))
            return false;
        one = line;
    } else {
        const auto read = read_cookie(line);
        if (!read)
            return false;
        if (fits(*read, to))
            one.append(read->name).append("=").append(read->value);
    }
    if (!one.empty())
        all += (all.empty() ? "" : "; ") + one;
    return true;
}

}  // namespace

std::optional<std::string> cookies_for(const cookie_reader& to, std::string_view file)
{
    std::string all;
    while (!file.empty()) {
        auto line = file.substr(0, file.find('\n'));
        file.remove_prefix(std::min(file.size(), line.size() + 1));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!add(line, to, all))
            return std::nullopt;
    }
    return all;
}

}  // namespace deadair::dialogue
