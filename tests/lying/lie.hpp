#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/duration.hpp"
#include "echo-server/wire/bytes.hpp"
#include "tests/lying/forge.hpp"

/// What a companion says instead of the truth. Pure: the same lies and seed say the same again.
namespace deadair::lying {

enum class act : std::uint8_t {
    drop,     ///< is not said
    repeat,   ///< is said up to 20 times
    hold,     ///< is said after what comes next, or later still
    falsify,  ///< with another value in a field
    invent,   ///< is said, and so is something that nobody asked for
    flood,    ///< is said without end
    spoil,    ///< as bytes that make no sense
    hang_up,  ///< is said, and the connection ends
};

/// "spoke:falsify=time:0.3": three of ten `spoke` tell another time.
struct lie {
    wire::frame_type on{};  ///< what the companion was about to say
    act what{};
    std::string detail{};  ///< falsify: the field; invent: the frame; empty: any, the same
    double share{1};       ///< of the frames
};

std::string to_string(const lie& one);
/// Nullopt if it is not written so, or names what there is not.
std::optional<lie> parse_lie(std::string_view text);

/// Every lie there is, each once.
std::vector<lie> all_lies();
/// One to four of them, with shares of their own.
std::vector<lie> some_lies(chance& by);

/// What becomes of a frame.
struct said {
    std::vector<wire::buffer> frames;
    bool hang_up{};
    bool flood{};  ///< the last of `frames`, without end
};

class teller {
public:
    teller(std::vector<lie> lies, std::uint64_t seed) : lies_{std::move(lies)}, by_{seed} {}

    /// @param held  what this connection has not said yet
    said tell(wire::buffer frame, std::deque<wire::buffer>& held, nanoseconds now);

private:
    void apply(const lie& one, wire::buffer& frame, said& into, std::deque<wire::buffer>& held,
               nanoseconds now);
    wire::buffer invented(const lie& one, const wire::buffer& beside, nanoseconds now);
    bool happens(double share);

    std::vector<lie> lies_;
    chance by_;
};

}  // namespace deadair::lying
