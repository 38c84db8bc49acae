#include "analysis/report/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/words/printable.hpp"

namespace deadair::report {

std::string json_string(std::string_view value)
{
    std::string text = "\"";
    while (!value.empty()) {
        const auto [code, size] = first_character(value);
        const auto bytes = value.substr(0, std::max<std::size_t>(size, 1));
        if (size == 0)
            text += "\\ufffd";  // JSON is UTF-8 (RFC 8259, section 8.1)
        else if (is_command(code))
            text += fmt::format("\\u{:04x}", code);
        else if (code == '"' || code == '\\')
            text += {'\\', bytes.front()};
        else
            text += bytes;
        value.remove_prefix(bytes.size());
    }
    return text + "\"";
}

json_object& json_object::raw(std::string_view name, std::string_view value)
{
    if (!text_.empty())
        text_ += ", ";
    text_ += json_string(name);
    text_ += ": ";
    text_ += value;
    return *this;
}

json_object& json_object::field(std::string_view name, std::string_view value)
{
    return raw(name, json_string(value));
}

json_object& json_object::field(std::string_view name, double value)
{
    // JSON has no infinity; ten digits are more than any clock here gives.
    return raw(name, std::isfinite(value) ? fmt::format("{:.10g}", value) : "null");
}

json_object& json_object::field(std::string_view name, std::int64_t value)
{
    return raw(name, fmt::format("{}", value));
}

json_object& json_object::field(std::string_view name, bool value)
{
    return raw(name, value ? "true" : "false");
}

}  // namespace deadair::report
