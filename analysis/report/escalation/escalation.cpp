#include "analysis/report/escalation/escalation.hpp"

#include <fmt/format.h>

#include <set>

#include "analysis/estimate/in_words.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/shell.hpp"

namespace deadair::report {

namespace {

constexpr std::size_t incidents_max = 20;

std::string joined(const std::set<std::string>& all)
{
    return fmt::format("{}", fmt::join(all, ", "));
}

section who_and_where(const material& from, const escalation_words& words)
{
    std::set<std::string> near;
    std::set<std::string> far;
    for (const auto& each : from.connections) {
        near.insert(each.local_address);
        far.insert(fmt::format("{} port {}", each.server_address, each.on.server_port));
    }
    facts all;
    all.items = {
        {"Who asks", words.contact.empty() ? "(your name, team and contact)" : words.contact, ""},
        {"From", from.run.client_host, joined(near)},
        {"To", from.run.server_endpoint, joined(far)},
        {"Measured", for_people(from.run.started_at),
         fmt::format("for {}, run {}{}", format_duration(from.lasted), from.run.uuid,
                     from.run.label.empty() ? "" : ", \"" + from.run.label + "\"")}};
    return {.id = "where", .title = "Who, and from where to where", .blocks = {std::move(all)}};
}

std::string symptom(const material& from)
{
    const auto* const first = shortest(from.findings);
    if (first == nullptr)
        return from.open.empty() ? "None in this run: no connection died of silence."
                                 : fmt::format("None seen so far; {}.", from.open);
    auto text = fmt::format("A connection on which nobody sends anything for {} stops working",
                            estimate::value_in_words(*first));
    if (first->after_expiry)
        text += fmt::format("; it dies {}", dies_how(*first->after_expiry));
    return text +
           ". The first message after the pause is lost, and software hangs until a timeout "
           "of its own.";
}

section measured(const material& from)
{
    grid table{.columns = {{"stratum"},
                           {"finding"},
                           {"interval"},
                           {"delivered", true},
                           {"not delivered", true},
                           {"void", true},
                           {"confidence", true}},
               .rows = {}};
    for (const auto& each : from.findings)
        table.rows.push_back({describe(each.where), estimate::in_words(each),
                              estimate::interval_in_words(each), fmt::format("{}", each.delivered),
                              fmt::format("{}", each.not_delivered), fmt::format("{}", each.voided),
                              fmt::format("{:.4g} %", each.confidence * 100)});
    section all{.id = "measured", .title = "What was measured", .blocks = {}};
    all.blocks.emplace_back(paragraph{fmt::format(
        "{} connections were left silent for different times, then {} messages were sent, starting "
        "{}. To the client: the server spoke first; to the server: the client did. A message "
        "counts as not delivered only if several retransmissions went unanswered while another "
        "connection over the same path worked.",
        from.connections.size(), from.probes.size(), for_people(from.run.started_at))});
    all.blocks.emplace_back(std::move(table));
    return all;
}

section incidents(const material& from)
{
    section all{.id = "incidents", .title = "Incidents in this run", .blocks = {}};
    bullets list;
    for (const auto& each : from.events)
        if (list.items.size() < incidents_max)
            list.items.push_back(fmt::format("{} after the start: {} {}", format_duration(each.at),
                                             each.kind, each.detail));
    if (list.items.empty())
        all.blocks.emplace_back(paragraph{"None: no outage, refused connection or restart."});
    else
        all.blocks.emplace_back(std::move(list));
    if (from.events.size() > incidents_max)
        all.blocks.emplace_back(paragraph{
            fmt::format("and {} more, in the file.", from.events.size() - incidents_max)});
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
            needed.items.push_back(fmt::format("{} = {:g}{}", each.setting, *each.value,
                                               each.unit == "s" ? " s" : ""));
    all.blocks.emplace_back(std::move(needed));
    return all;
}

section change_asked_for(const material& from, const escalation_words& words)
{
    const auto* const first = shortest(from.findings);
    bullets all;
    if (first == nullptr)
        all.items = {"None on the ground of this run; please confirm the configured values above."};
    else
        all.items = {
            fmt::format("Raise the idle timeout for established TCP from {} to {} or more on this "
                        "path, or exempt {} from it. RFC 5382 (REQ-5) asks a NAT for 2 h 4 min.",
                        estimate::value_in_words(*first), format_duration(words.wanted),
                        from.run.server_endpoint),
            first->after_expiry == estimate::expiry::silent
                ? "If it cannot be raised: send a TCP reset to both ends when a session expires, "
                  "so "
                  "that software learns of it."
                : "If it cannot be raised: confirm the value, so that we can build on it.",
            "Tell us the configured values and the answers to the questions above."};
    return {.id = "change", .title = "Change asked for", .blocks = {std::move(all)}};
}

section evidence_files(const material& from, const escalation_words& words)
{
    bullets all;
    all.items = {
        fmt::format("{} (SQLite): every connection, probe and event, run_id {}, run_uuid {}",
                    words.file, from.run.id, from.run.uuid),
        fmt::format("report.html, made by: deadair-analysis report --db {} --run {} --output "
                    "report.html",
                    shell_word(words.file), from.run.id),
        fmt::format("probes.csv, made by: deadair-analysis export --db {} --run {} --format csv "
                    "--table probes --output probes.csv",
                    shell_word(words.file), from.run.id)};
    return {.id = "evidence", .title = "Evidence attached", .blocks = {std::move(all)}};
}

}  // namespace

document escalation(const material& from, const escalation_words& words)
{
    section symptoms{.id = "symptoms", .title = "Symptoms", .blocks = {}};
    symptoms.blocks.emplace_back(paragraph{symptom(from)});
    section summary{.id = "summary", .title = "", .blocks = {}};
    summary.blocks.emplace_back(lead{answer(from.findings, from.open)});
    document all;
    all.title = fmt::format("Idle connections from {} to {} are forgotten", from.run.client_host,
                            from.run.server_endpoint);
    if (shortest(from.findings) == nullptr)
        all.title = fmt::format("Idle connections from {} to {}", from.run.client_host,
                                from.run.server_endpoint);
    all.sections = {std::move(summary),
                    who_and_where(from, words),
                    std::move(symptoms),
                    measured(from),
                    incidents(from),
                    asked(from),
                    workarounds(from, words),
                    change_asked_for(from, words),
                    evidence_files(from, words)};
    return all;
}

}  // namespace deadair::report
