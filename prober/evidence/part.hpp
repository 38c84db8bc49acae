#pragma once

#include <string>
#include <vector>

/// Evidence of a path and of this host's end of it, gathered without any other program.
namespace deadair::prober::evidence {

/// One file of the archive, one row of the table `evidence`.
struct part {
    std::string name;      ///< "routes"
    bool available{true};  ///< false: `text` says why not
    std::string text;
    std::vector<std::string> notes{};  ///< what stands out, one sentence each
};

}  // namespace deadair::prober::evidence
