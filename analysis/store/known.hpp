#pragma once

#include <fmt/format.h>

#include "analysis/store/sqlite.hpp"

namespace deadair::store {

/// What a word in a column stands for. One that this program does not know means that somebody
/// else wrote it. @throws store_error (bad_input)
template <class T>
T known(const std::optional<T>& word, const statement& row, int column)
{
    if (!word)
        throw store_error(store_error::kind::bad_input,
                          fmt::format("the database holds '{}', which this program does not know",
                                      row.text(column)));
    return *word;
}

}  // namespace deadair::store
