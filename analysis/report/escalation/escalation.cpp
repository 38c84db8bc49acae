#include "analysis/report/escalation/escalation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/estimate/in_words.hpp"
#include "analysis/report/agreeing.hpp"
#include "analysis/report/escalation/events.hpp"
#include "analysis/report/escalation/incidents.hpp"
#include "analysis/report/hops.hpp"
#include "analysis/report/limits.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/shell.hpp"

namespace deadair::report {

namespace {

std::string joined(const std::set<std::string>& all)
{
    return fmt::format("{}", fmt::join(all, ", "));
}

// Whoever ends TCP itself, or opens TLS, has timeouts of its own: it is that which must change.
bool is_proxied(const material& from)
{
    return from.run.intercepted ||
           std::ranges::any_of(from.findings, [](const estimate::finding& each) {
               return each.note.find("ends TCP itself") != std::string::npos;
           });
}

section who_and_where(const material& from, const escalation_words& words)
{
    std::set<std::string> near;
    std::set<std::string> far;
    for (const auto& each : from.connections) {
        near.insert(
            each.seen_address.empty() || each.seen_address == each.local_address
                ? each.local_address
                : fmt::format("{} (the server saw {})", each.local_address, each.seen_address));
        far.insert(fmt::format("{} port {}", each.server_address, each.on.server_port));
    }
    facts all;
    all.items = {
        {"Who asks", words.contact.empty() ? "(your name, team and contact)" : words.contact, ""},
        {"From", from.run.client_host, joined(near)},
        {"To", from.run.server_endpoint, joined(far)},
        {"On the path",
         from.run.intercepted ? "something that opens TLS"
         : is_proxied(from)   ? "something that ends TCP itself"
                              : "",
         from.run.intercepted || is_proxied(from)
             ? "an interceptor or a proxy: it has timeouts of its own"
             : ""},
        {"Measured", for_people(from.run.started_at),
         fmt::format("for {}, run {}{}", format_duration(from.lasted), from.run.uuid,
                     from.run.label.empty() ? "" : ", \"" + from.run.label + "\"")}};
    std::erase_if(all.items, [](const facts::fact& each) { return each.value.empty(); });
    return {.id = "where", .title = "Who, and from where to where", .blocks = {std::move(all)}};
}

std::string symptom(const material& from)
{
    const auto* const first = shortest(from.findings);
    if (first == nullptr)
        return from.open.empty() ? "None in this run: no connection died of silence."
                                 : fmt::format("None seen so far; {}.", from.open);
    return fmt::format("A connection on which nobody sends anything for {} stops working{}. {}",
                       estimate::value_in_words(*first), how_it_dies(*first),
                       first->by_itself ? "Both ends are told, in the midst of the pause."
                                        : "The first message after the pause is lost, and "
                                          "software hangs until a timeout of its own.");
}

// In the words of those who run networks.
std::string connections_in_words(const agreeing& of)
{
    std::set<std::string> kinds;
    std::set<std::string> speakers;
    for (const auto& each : of.strata) {
        kinds.insert(std::string{to_string(each.on.kind)});
        speakers.insert(each.way == direction::to_client ? "the server" : "the client");
    }
    return fmt::format("{}; {} speaks first", joined(kinds), fmt::join(speakers, ", in others "));
}

section measured(const material& from)
{
    grid table{.columns = {{"connections"},
                           {"idle timeout"},
                           {"interval"},
                           {"delivered", true},
                           {"not delivered", true},
                           {"not counted", true},
                           {"confidence", true}},
               .rows = {}};
    for (const auto& each : agreeing_of(from.findings))
        table.rows.push_back(
            {connections_in_words(each), estimate::in_words(each.one),
             estimate::interval_in_words(each.one), fmt::format("{}", each.one.delivered),
             fmt::format("{}", each.one.not_delivered), fmt::format("{}", each.one.voided),
             fmt::format("{:.4g} %", each.one.confidence * 100)});
    section all{.id = "measured", .title = "What was measured", .blocks = {}};
    if (looked_on(from.run))
        all.blocks.emplace_back(paragraph{fmt::format(
            "{} connections of programs were looked at, from {} on, and {} of their silences "
            "ended. "
            "To the server: the client ended it; to the client: the server did. A message counts "
            "as "
            "not delivered only if it was sent at least four times without an answer, or answered "
            "with a reset.",
            from.connections.size(), for_people(from.run.started_at), from.probes.size())});
    else
        all.blocks.emplace_back(paragraph{fmt::format(
            "{} connections were left silent for different times, then {} messages were sent, "
            "starting "
            "{}. To the client: the server spoke first; to the server: the client did. A message "
            "counts as not delivered only if several retransmissions went unanswered while another "
            "connection over the same path worked.",
            from.connections.size(), from.probes.size(), for_people(from.run.started_at))});
    all.blocks.emplace_back(std::move(table));
    return all;
}

// What to search for in the logs of whatever is on the path.
section one_event(const material& from)
{
    section all{.id = "event", .title = "One event, for your logs", .blocks = {}};
    const auto event = telling_event(from);
    if (!event) {
        all.blocks.emplace_back(paragraph{"None: no message was lost after a silence."});
        return all;
    }
    const bool by_server = event->what.seen.way == direction::to_client;
    facts list;
    list.items = {
        {"5-tuple", fmt::format("TCP {} to {}", event->from, event->to),
         event->seen_as.empty()
             ? "as the client's host names itself"
             : "as the client's host names itself; the server saw it come from " + event->seen_as},
        {"Last packet", event->last_packet, "acknowledged; nothing was sent after it"},
        {by_server ? "The server spoke" : "The client spoke", event->sent,
         fmt::format("after {} of silence", format_duration(event->what.seen.idle_age))},
        {event->what.seen.result == outcome::reset ? "Reset" : "Given up",
         event->verdict.empty() ? "-" : event->verdict,
         fmt::format("{} packets of it went unanswered", event->what.seen.unanswered)}};
    all.blocks.emplace_back(std::move(list));
    all.blocks.emplace_back(paragraph{"Every other event is in probes.csv in the same form."});
    return all;
}

section asked(const material& from)
{
    section all{.id = "questions", .title = "Questions to you, and what we know", .blocks = {}};
    unsigned number = 0;
    for (const auto& each : questions(from)) {
        all.blocks.emplace_back(paragraph{fmt::format("{}. {}", ++number, each.asked)});
        all.blocks.emplace_back(bullets{{"Evidence: " + each.answered}});
    }
    return all;
}

section workarounds(const material& from, const escalation_words& words)
{
    section all{.id = "workarounds", .title = "Workarounds in force", .blocks = {}};
    if (!words.workarounds.empty()) {
        all.blocks.emplace_back(bullets{words.workarounds});
        return all;
    }
    all.blocks.emplace_back(
        paragraph{"None is recorded. These would be needed on every client, as long as nothing "
                  "changes:"});
    bullets needed;
    for (const auto& each : from.settings)
        if (each.value)
            needed.items.push_back(fmt::format("{} = {:g}{}", to_string(each.setting), *each.value,
                                               each.unit == "s" ? " s" : ""));
    all.blocks.emplace_back(std::move(needed));
    return all;
}

const estimate::finding* age_limit(const material& from)
{
    const auto found = std::ranges::find(from.findings, estimate::finding_kind::absolute_age,
                                         &estimate::finding::kind);
    return found == from.findings.end() ? nullptr : &*found;
}

std::string raise_timeout(const material& from, const escalation_words& words)
{
    const auto from_now = estimate::value_in_words(*shortest(from.findings));
    const auto to_then = format_duration(words.wanted);
    if (is_proxied(from))
        return fmt::format(
            "Raise the idle timeout of the proxy or load balancer that ends these connections from "
            "{} to {} or more (client side and server side), or let {} pass by it: the packet "
            "filter's own timeout would change nothing.",
            from_now, to_then, from.run.server_endpoint);
    return fmt::format(
        "Raise the idle timeout for established TCP from {} to {} or more on this "
        "path, or exempt {} from it. RFC 5382 (REQ-5) asks a NAT for 2 h 4 min.",
        from_now, to_then, from.run.server_endpoint);
}

section change_asked_for(const material& from, const escalation_words& words)
{
    const auto* const first = shortest(from.findings);
    const auto* const age = age_limit(from);
    bullets all;
    if (age != nullptr)
        all.items.push_back(fmt::format(
            "Connections are cut {} after they are opened, however busy they are: raise that "
            "maximum, or tell us that it stays. An idle timeout has nothing to do with it.",
            estimate::interval_in_words(*age)));
    if (first != nullptr) {
        all.items.push_back(raise_timeout(from, words));
        all.items.emplace_back(
            first->after_expiry == estimate::expiry::silent
                ? "If it cannot be raised: send a TCP reset to both ends when a session expires, "
                  "so that software learns of it."
                : "If it cannot be raised: confirm the value, so that we can build on it.");
    }
    all.items.emplace_back(all.items.empty()
                               ? "None on the ground of this run; please confirm the configured "
                                 "values above."
                               : "Tell us the configured values and the answers to the questions "
                                 "above.");
    return {.id = "change", .title = "Change asked for", .blocks = {std::move(all)}};
}

section evidence_files(const material& from, const escalation_words& words)
{
    section all{.id = "evidence", .title = "Evidence", .blocks = {}};
    if (!words.bundled) {
        all.blocks.emplace_back(paragraph{
            "Not attached yet. This makes a folder with everything, this message included:"});
        all.blocks.emplace_back(code{
            fmt::format("deadair-analysis escalate --db {} --run {} --bundle for-the-network-team",
                        shell_word(words.file), from.run.id)});
        return all;
    }
    bullets list;
    list.items = {
        "probes.csv: each message after a silence, with 5-tuple and times to the "
        "millisecond",
        "report.html: the same for people, with drawings",
        "result.json: what was found, for programs",
        "evidence.txt: what the client's host and the path looked like"};
    all.blocks.emplace_back(std::move(list));
    all.blocks.emplace_back(paragraph{fmt::format("Run {} of {}.", from.run.uuid, words.file)});
    return all;
}

}  // namespace

document escalation(const material& from, const escalation_words& words)
{
    section symptoms{.id = "symptoms", .title = "Symptoms", .blocks = {}};
    symptoms.blocks.emplace_back(paragraph{symptom(from)});
    section summary{.id = "summary", .title = "", .blocks = {}};
    // The first thing that a network team asks back.
    const auto which = from.hops.boxes.empty() ? "" : hops_answer(from.hops) + " ";
    summary.blocks.emplace_back(lead{which + answer(from.findings, from.open)});
    if (const auto limits = limits_in_words(from.limits); !limits.empty())
        summary.blocks.emplace_back(paragraph{limits});
    if (const auto other = control_answer(from.hops); !other.empty())
        summary.blocks.emplace_back(paragraph{other});
    document all;
    all.title = fmt::format("Idle connections from {} to {} are forgotten", from.run.client_host,
                            from.run.server_endpoint);
    if (shortest(from.findings) == nullptr)
        all.title = fmt::format("Idle connections from {} to {}", from.run.client_host,
                                from.run.server_endpoint);
    all.sections = {std::move(summary),
                    who_and_where(from, words),
                    std::move(symptoms),
                    one_event(from),
                    measured(from),
                    incidents(from),
                    asked(from),
                    workarounds(from, words),
                    change_asked_for(from, words),
                    evidence_files(from, words)};
    return all;
}

}  // namespace deadair::report
