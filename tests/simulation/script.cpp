#include "tests/simulation/script.hpp"

#include <variant>

namespace deadair::simulation {

namespace {

namespace note = observation::note;

std::string words(const note::begun&)
{
    return "begun";
}
std::string words(const note::failed& said)
{
    return "failed: " + said.why;
}
std::string words(const note::happened& said)
{
    return std::string{observation::to_string(said.what)};
}
std::string words(const note::outage_began&)
{
    return {};  // it happened, too
}
std::string words(const note::outage_over&)
{
    return {};
}
std::string words(const note::opened& said)
{
    return fmt::format("opened {}", said.connection);
}
std::string words(const note::open_failed& said)
{
    return fmt::format("not opened {}", said.connection);
}
std::string words(const note::settled& said)
{
    const auto why = said.result == outcome::voided ? ": " + said.probe.doubt : "";
    return fmt::format("{} {}{}", deadair::to_string(said.result), said.probe.probe, why);
}
std::string words(const note::ended& said)
{
    return fmt::format("connection {} ended: {}", said.seen.connection,
                       deadair::to_string(said.result));
}
std::string words(const note::voided& said)
{
    return fmt::format("connection {} void", said.connection);
}
std::string words(const note::late& said)
{
    return fmt::format("late {}", said.probe.probe);
}
std::string words(const note::closed&)
{
    return {};  // what ended it was told
}

}  // namespace

std::vector<std::string> told(const record& of)
{
    std::vector<std::string> all;
    for (const auto& each : of.notes) {
        const auto text = std::visit([](const auto& said) { return words(said); }, each.what);
        if (!text.empty())
            all.push_back(fmt::format("{:.3f} {}", to_seconds(each.at), text));
    }
    return all;
}

}  // namespace deadair::simulation
