#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deadair::report {

struct point {
    double x{};
    double y{};
};

enum class anchor : std::uint8_t { start, middle, end };

/// An SVG picture in the making. It names no colours: the page's style gives each class its own,
/// in light and dark.
class drawing {
public:
    drawing(double width, double height) : width_{width}, height_{height} {}

    void box(point corner, point size, std::string_view style);
    void line(point from, point to, std::string_view style);
    void polyline(const std::vector<point>& through, std::string_view style);
    void text(point at, std::string_view words, std::string_view style,
              anchor side = anchor::start);
    /// Small marks of one kind. What would lie on one another is drawn once.
    void marks(const std::vector<point>& at, std::string_view kind);

    double width() const { return width_; }
    /// @param id  unique in the page
    std::string svg(std::string_view id, std::string_view title,
                    std::string_view description) const;

private:
    double width_;
    double height_;
    std::string body_;
};

/// With `&`, `<`, `>` and quotation marks escaped, for HTML and SVG; control characters are gone.
std::string escaped(std::string_view text);

}  // namespace deadair::report
