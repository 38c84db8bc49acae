#include "echo-server/wire/probe_messages.hpp"

#include "echo-server/wire/coding.hpp"

namespace deadair::wire {

// Static, and not in a nameless namespace: `encode` and `decode` find them by their arguments.

static void put(writer& out, const probe& m)
{
    out.number(m.probe_number);
}
static void take(reader& in, probe& m)
{
    m.probe_number = in.number<std::uint32_t>();
}

static void put(writer& out, const upload& m)
{
    out.number(m.transfer).number(m.size);
}
static void take(reader& in, upload& m)
{
    m.transfer = in.number<std::uint32_t>();
    m.size = in.number<std::uint64_t>();
}

static void put(writer& out, const filler& /*m*/)
{
    out.number(std::uint8_t{0});
}
static void take(reader& in, filler& /*m*/)
{
    (void)in.number<std::uint8_t>();
}

DEADAIR_MESSAGE(probe);
DEADAIR_MESSAGE(upload);
DEADAIR_MESSAGE(filler);

}  // namespace deadair::wire
