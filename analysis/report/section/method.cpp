#include <fmt/format.h>

#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

bullets caveats(const material& from)
{
    bullets all;
    all.items = {
        "It holds for this path, between these two hosts, at that time. Another network, a "
        "failover "
        "or a change of policy may behave otherwise.",
        "A firewall under load may forget earlier than it did here. The settings build on 99 % of "
        "what was survived, less a second; that is a margin, no promise.",
        "What goes on above the transport (an HTTP proxy's own limits, a session that expires) was "
        "not measured."};
    for (const auto& each : from.findings)
        if (each.kind == estimate::finding_kind::none) {
            all.items.emplace_back(
                "None means that nothing expired within the silence that was tried; it does not "
                "mean that nothing ever will.");
            break;
        }
    return all;
}

void add_method_of_uploads(const material& from, std::vector<block>& to)
{
    if (from.uploads.empty())
        return;
    to.emplace_back(paragraph{
        "Uploads and downloads went over connections of their own. The prober asked its kernel "
        "every "
        "20 ms how much had been acknowledged or received; a stall is the longest time without "
        "progress, and goodput what the far end had, by the time that it took. What the file says "
        "of the idle timeout decides how long connections were idle before."});
}

// Of connections that others made.
void add_method_of_looking_on(const material& from, std::vector<block>& to)
{
    const bool here = from.run.command == "observe";
    to.emplace_back(paragraph{fmt::format(
        "Nothing was opened or sent for this: the connections that programs had anyway were looked "
        "at, {}. To the server means that the client ended a silence, to the client that the "
        "server did.",
        here ? "through the kernel's own figures of them, about once a second"
             : "as a packet capture shows them")});
    to.emplace_back(paragraph{fmt::format(
        "A message that did not arrive counts only when it was sent at least four times over three "
        "seconds without an answer{}. What nobody can vouch for is void and does not count. The "
        "interval of each finding holds the true value with the confidence beside it.",
        here ? ", while another connection heard the same host" : "")});
    to.emplace_back(caveats(from));
}

void add_method_of_probes(const material& from, std::vector<block>& to)
{
    if (from.findings.empty())
        return;
    if (looked_on(from.run))
        return add_method_of_looking_on(from, to);
    to.emplace_back(paragraph{
        "Connections were opened and left silent: no keepalive, no ping, nothing unacknowledged, "
        "as the kernels of both ends confirm for each. After a chosen silence one end spoke once. "
        "To the client means that the server spoke, asked over a separate connection; to the "
        "server, that the client did."});
    to.emplace_back(paragraph{
        "A message that did not arrive counts only when several retransmissions went unanswered "
        "while the separate connection worked, and on so many connections that packet loss as an "
        "explanation is less likely than 1 in 1000. What nobody can vouch for is void and does not "
        "count. The interval of each finding holds the true value with the confidence beside it."});
    to.emplace_back(caveats(from));
}

}  // namespace

std::optional<section> method_section(const material& from)
{
    section all{.id = "method", .title = "Method and caveats", .blocks = {}};
    add_method_of_probes(from, all.blocks);
    add_method_of_uploads(from, all.blocks);
    if (all.blocks.empty())
        return std::nullopt;
    if (!from.run.options_asked.empty())
        all.blocks.emplace_back(code{from.run.options_asked});
    return all;
}

}  // namespace deadair::report
