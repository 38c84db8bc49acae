#pragma once

#include <string_view>
#include <vector>

#include "analysis/report/drawing.hpp"
#include "analysis/words/words.hpp"

namespace deadair::report {

/// What the marks of a drawing mean, at its top, in as many rows as it takes.
class legend {
public:
    /// @param outcomes  those that the drawing shows
    /// @param zones     it shows where connections are alive, dead, and the edge between
    legend(const std::vector<outcome>& outcomes, bool zones, double width);

    double height() const;
    void draw(drawing& on) const;

private:
    struct entry {
        std::string_view kind;
        std::string_view words;
        point at;
    };
    std::vector<entry> entries_;
};

}  // namespace deadair::report
