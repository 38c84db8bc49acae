#pragma once

#include <functional>
#include <optional>

#include "prober/evidence/part.hpp"
#include "prober/evidence/path_parts.hpp"

namespace deadair::prober::evidence {

struct short_form_options {
    /// By its address, so that nothing waits for DNS; none where it is not to be reached directly.
    std::optional<url> server;
    bool hops{};
};

/// What fits beside a run: this host, and a look at the path to the server. A second on a path
/// that works; a lost answer costs a second each.
/// @param take  is given each part as soon as it is gathered
void short_form(const short_form_options& of, const std::function<void(part)>& take,
                const going& go_on);

/// What the server's name resolves to, and how long that took: seconds where nobody answers.
part lookup(const url& of);

}  // namespace deadair::prober::evidence
