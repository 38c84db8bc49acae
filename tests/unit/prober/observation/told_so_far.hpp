#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "prober/observation/actions.hpp"
#include "prober/observation/notes.hpp"

namespace deadair::observation::testing {

/// What an observation has asked for, and what it made of what it saw.
class told_so_far {
public:
    /// The last action of a kind; nullptr: there was none.
    template <class Action>
    const Action* last() const
    {
        for (auto each = todo.rbegin(); each != todo.rend(); ++each)
            if (const auto* const found = std::get_if<Action>(&*each))
                return found;
        return nullptr;
    }
    /// All notes of a kind.
    template <class Note>
    std::vector<Note> told() const
    {
        std::vector<Note> all;
        for (const auto& each : notes)
            if (const auto* const found = std::get_if<Note>(&each.what))
                all.push_back(*found);
        return all;
    }
    std::vector<std::string> happenings() const
    {
        std::vector<std::string> all;
        for (const auto& each : told<note::happened>())
            all.emplace_back(to_string(each.what));
        return all;
    }
    bool happened(happening what) const
    {
        return std::ranges::any_of(told<note::happened>(),
                                   [&](const auto& each) { return each.what == what; });
    }
    std::vector<outcome> outcomes() const
    {
        std::vector<outcome> all;
        for (const auto& each : told<note::settled>())
            all.push_back(each.result);
        return all;
    }

    std::vector<action> todo;
    std::vector<noted> notes;
};

}  // namespace deadair::observation::testing
