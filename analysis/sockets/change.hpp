#pragma once

#include <cstdint>
#include <optional>

#include "analysis/sockets/sample.hpp"

namespace deadair::sockets {

/// A moment that is known to lie between two.
struct span {
    nanoseconds earliest{};
    nanoseconds latest{};
};

/// What happened to a connection between two samples.
struct change {
    change(const sample& before, const sample& now);

    bool any() const { return in != 0 || out != 0; }
    bool data() const { return data_in != 0 || data_out != 0; }
    /// What came neither carries data nor acknowledges: of a connection that is over, a reset.
    bool refused() const
    {
        return in != 0 && data_in == 0 && !heard && !acknowledged && !other_closed;
    }

    std::uint32_t in{};  ///< segments
    std::uint32_t out{};
    std::uint32_t data_in{};  ///< those with data
    std::uint32_t data_out{};
    std::uint32_t again{};  ///< sent again
    bool acknowledged{};    ///< data, or a FIN, of this end
    bool heard{};           ///< an acknowledgement came
    bool other_closed{};    ///< a FIN came, and no data
    bool closed{};          ///< a FIN of this end was acknowledged, and no data
    bool forgotten{};       ///< the program threw the connection away: the counts begin anew
};

/// Takes out of a sample's moments what the reading came too late or too early, by a figure that
/// cannot have moved.
void align(sample& now, const sample& before);

/// Who spoke first after a silence.
enum class speaker : std::uint8_t {
    here,
    other,
    either,  ///< both spoke between two samples
};

/// What ended a silence.
struct opening {
    speaker by{};
    span at;
    bool keepalive{};
    bool closes{};    ///< a FIN
    bool answered{};  ///< what the other end sent needs no answer
};

/// @return nullopt if the packets between the samples prove nothing and ask nothing
std::optional<opening> opening_of(const sample& before, const sample& now);

/// When the last packet before `now` passed, of those after `before`.
span last_packet(const sample& before, const sample& now);

}  // namespace deadair::sockets
