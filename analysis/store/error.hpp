#pragma once

#include <cstdint>
#include <string>

#include "analysis/words/exit_error.hpp"

namespace deadair::store {

/// The file cannot serve: locked, read-only, corrupt, not ours, newer than this program, disk
/// full. `what()` is one sentence that names the file and the way out.
class store_error : public exit_error {
public:
    enum class kind : std::uint8_t {
        bad_input,  ///< the file is not what was asked for
        failed,     ///< the machine would not let us
    };
    /// @param passing  it may go by without anybody touching the file
    store_error(kind of, const std::string& happened, const std::string& way_out = {},
                bool passing = false)
        : exit_error(of == kind::bad_input ? exit_code::bad_usage : exit_code::failed,
                     way_out.empty() ? happened : happened + "; " + way_out),
          happened_{happened},
          passing_{passing}
    {
    }
    /// `what()` without the way out.
    const std::string& happened() const { return happened_; }
    bool passing() const { return passing_; }

private:
    std::string happened_;
    bool passing_;
};

}  // namespace deadair::store
