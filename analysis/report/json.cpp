#include "analysis/report/json.hpp"

#include <fmt/format.h>

#include <cmath>

namespace deadair::report {

std::string json_string(std::string_view value)
{
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            text += {'\\', c};
        else if (static_cast<unsigned char>(c) < 0x20)
            text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            text += c;
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
