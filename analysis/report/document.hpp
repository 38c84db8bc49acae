#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a report says, apart from how it looks: HTML, Markdown and plain text are each written
/// from this. All strings are plain text, as it came; every writer escapes what it must.
namespace deadair::report {

/// The one sentence that the reader came for.
struct lead {
    std::string text;
};

struct paragraph {
    std::string text;
};

/// What the reader must not overlook.
struct caution {
    std::string text;
};

struct bullets {
    std::vector<std::string> items;
};

/// Figures with their names, few enough to be seen at a glance.
struct facts {
    struct fact {
        std::string name;
        std::string value;
        std::string remark{};  ///< small print; may be empty
    };
    std::vector<fact> items;
};

struct grid {
    struct column {
        std::string head;
        bool numeric{};  ///< flush right
    };
    std::vector<column> columns;
    std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`
    /// Not empty, for rows that few will read: what is shown in their place until they are asked
    /// for. Plain text leaves them out.
    std::string folded_under{};
};

/// Drawn twice, since the text of a drawing that shrinks to a telephone cannot be read.
struct picture {
    std::string title;
    std::string description;  ///< what it shows, for who cannot see it
    std::string wide;         ///< SVG, from `drawing`
    std::string narrow;
    std::string plain;  ///< the same in characters, lines of 76 columns at most
};

/// To be copied as it stands: a command, a query.
struct code {
    std::string text;
};

using block = std::variant<lead, paragraph, caution, bullets, facts, grid, picture, code>;

struct section {
    std::string id;     ///< for links: letters, digits, hyphens
    std::string title;  ///< empty for the first, which the document's title heads
    std::vector<block> blocks;
};

struct document {
    std::string title;
    std::string subtitle;  ///< where and when; may be empty
    std::vector<section> sections;
    std::string footer;
};

std::string html(const document& of);
std::string markdown(const document& of);
/// @param width  of lines, in characters
std::string plain_text(const document& of, std::size_t width = 100);

/// "2026-01-31 12:00 UTC" of a time as the tables have it; anything else as it came.
std::string for_people(std::string_view moment);

}  // namespace deadair::report
