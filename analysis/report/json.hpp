#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/words/duration.hpp"

namespace deadair::report {

/// Writes one flat JSON object, field by field. (Boost.JSON writes 19.98 as 1.998E1, which no
/// reader of a report wants to see.)
class json_object {
public:
    json_object& field(std::string_view name, std::string_view value);
    json_object& field(std::string_view name, const char* value)
    {
        return field(name, std::string_view{value});
    }
    json_object& field(std::string_view name, double value);
    json_object& field(std::string_view name, std::int64_t value);
    json_object& field(std::string_view name, bool value);
    json_object& field(std::string_view name, nanoseconds value)
    {
        return field(name, to_seconds(value));
    }
    /// Nothing is `null`.
    template <class T>
    json_object& field(std::string_view name, const std::optional<T>& value)
    {
        return value ? field(name, *value) : raw(name, "null");
    }
    /// `value` is JSON already.
    json_object& raw(std::string_view name, std::string_view value);

    std::string text() const { return "{" + text_ + "}"; }

private:
    std::string text_;
};

/// In quotation marks, with what JSON does not allow escaped.
std::string json_string(std::string_view value);

}  // namespace deadair::report
