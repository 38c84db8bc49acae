#pragma once

#include <cstddef>
#include <deque>

#include "echo-server/wire/bytes.hpp"

namespace deadair::echo_server {

/// How many bytes of reports may be kept, by all who share them.
struct kept_budget {
    std::size_t most{};
    std::size_t used{};
};

/// Reports for a control connection that is away, one after the other as they would be sent. When
/// there is no room the oldest goes. Pure.
class kept_reports {
public:
    explicit kept_reports(kept_budget& shared) : shared_{&shared} {}
    ~kept_reports() { shared_->used -= bytes_.size(); }
    kept_reports(const kept_reports&) = delete;
    kept_reports& operator=(const kept_reports&) = delete;

    /// Keeps a whole frame; or does not, if others have taken all the room there is.
    void keep(wire::bytes frame);
    bool empty() const { return bytes_.empty(); }
    std::size_t size_bytes() const { return bytes_.size(); }
    /// Takes the oldest out. @pre not empty
    wire::buffer take();

private:
    bool has_room_for(std::size_t more) const;

    kept_budget* shared_;
    std::deque<std::byte> bytes_;
};

}  // namespace deadair::echo_server
