#pragma once

#include <set>

#include "prober/planner/asked_again.hpp"

/// Do all connections have what the search found, or do a few die sooner? A search asks few of them
/// at an age that a rare shorter timeout would not survive: two middleboxes behind one address of
/// which one has few of the connections, a lower end that hardly any reach.
namespace deadair::planner {

/// Every connection that is left, and as many new ones as there is room for, are asked once: just
/// below the answer. When one died there, as many are asked again; when several did, at many ages.
class sample {
public:
    /// Begins the next one, if it would tell anything.
    /// @return whether it did
    bool begin(std::span<const group> groups, const view& see);
    /// Those that would tell nothing new: they lived so long already.
    std::vector<connection_id> known_to_live(std::span<const group> groups, const view& see) const;
    /// So many connections are still to be opened for it.
    std::uint32_t to_open() const { return to_open_; }
    void opens() { --to_open_; }
    /// Those for which there is no place until then are left out.
    time opens_until() const { return opens_until_; }
    /// No more can be opened.
    void stop_opening() { to_open_ = 0; }
    /// Makes appointments with those that are silent by now and were not asked yet.
    void appoint(std::vector<appointment>& waiting, std::span<const group> groups, const view& see);
    /// It waits for connections that are being opened, or still to be.
    bool gathers(const pool& connections) const;

private:
    nanoseconds age_for(const group& of, const view& see) const;

    std::uint32_t begun_{};
    std::uint32_t to_open_{};
    time opens_until_{};
    connection_id new_from_{};
    std::set<connection_id> appointed_;
    std::uint32_t turn_{};
};

}  // namespace deadair::planner
