#include "analysis/report/openmetrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/estimate/refreshed.hpp"
#include "analysis/words/moment.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {

namespace {

using estimate::finding;

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : printable_lines(text)) {
        if (c == '\\' || c == '"')
            result += '\\';
        if (c == '\n')
            result += "\\n";
        else
            result += c;
    }
    return result;
}

using labels = std::vector<std::pair<std::string_view, std::string>>;

std::string text_of(const labels& all)
{
    std::string text;
    for (const auto& [name, value] : all)
        text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, escaped(value));
    return "{" + text + "}";
}

/// Gauges of one name, under their heading.
class family {
public:
    family(std::string name, std::string_view unit, std::string_view help) : name_{std::move(name)}
    {
        head_ = fmt::format("# TYPE {} gauge\n", name_);
        if (!unit.empty())
            head_ += fmt::format("# UNIT {} {}\n", name_, unit);
        head_ += fmt::format("# HELP {} {}\n", name_, help);
    }
    void add(const labels& which, double value)
    {
        lines_ += fmt::format("{}{} {:.10g}\n", name_, text_of(which), value);
    }
    void add(const labels& which, const std::optional<nanoseconds>& value)
    {
        if (value)
            add(which, to_seconds(*value));
    }
    /// Empty when nothing was added.
    std::string text() const { return lines_.empty() ? std::string{} : head_ + lines_; }

private:
    std::string name_;
    std::string head_;
    std::string lines_;
};

/// Whose series these are: the same from run to run, so that a graph goes on.
labels of_run(const store::run& which)
{
    return {{"server", which.server_endpoint}, {"label", which.label}};
}

labels of_finding(const store::run& which, const finding& one, unsigned part)
{
    auto all = of_run(which);
    const auto& where = one.where;
    all.insert(all.end(), {{"transport", std::string{to_string(where.on.kind)}},
                           {"direction", std::string{to_string(where.way)}},
                           {"refresh", std::string{to_string(where.how.by)}},
                           {"refresh_from", std::string{to_string(where.how.from)}},
                           {"server_port", fmt::format("{}", where.on.server_port)},
                           {"family", std::string{to_string(where.on.family)}},
                           {"part", fmt::format("{}", part)}});
    return all;
}

labels with(labels all, std::string_view name, std::string value)
{
    all.emplace_back(name, std::move(value));
    return all;
}

std::string findings(const store::run& which, std::span<const finding> found)
{
    family timeout{"deadair_idle_timeout_seconds", "seconds",
                   "Idle age at which the binding is gone; absent when nothing expired."};
    family low{"deadair_idle_survived_seconds", "seconds",
               "Longest idle age at which all is well."};
    family high{"deadair_idle_expired_seconds", "seconds",
                "Idle age by which the binding is gone."};
    family share{"deadair_idle_timeout_share_ratio", "ratio",
                 "Share of the connections that have this timeout, in a mixture."};
    family probes{"deadair_probes", "", "Probes, by what became of them."};
    family kind{"deadair_finding", "", "1 for the kind of the finding and how connections die."};
    std::map<stratum, unsigned> parts;
    for (const auto& one : found) {
        const auto where = of_finding(which, one, ++parts[one.where]);
        timeout.add(where, one.idle_timeout);
        low.add(where, one.low);
        high.add(where, one.high);
        share.add(where, one.share);
        probes.add(with(where, "outcome", "delivered"), one.delivered);
        probes.add(with(where, "outcome", "not_delivered"), one.not_delivered);
        probes.add(with(where, "outcome", "void"), one.voided);
        const auto dies = one.after_expiry ? std::string{to_string(*one.after_expiry)} : "";
        kind.add(with(with(where, "kind", std::string{to_string(one.kind)}), "after_expiry", dies),
                 1);
    }
    return timeout.text() + low.text() + high.text() + share.text() + probes.text() + kind.text();
}

// Whether what was meant to keep a connection alive does.
std::string refreshes(const store::run& which, std::span<const finding> found)
{
    family counts{"deadair_refresh_counts", "",
                  "1: this refresh keeps a connection alive; 0: it does not."};
    for (const auto& one : found) {
        if (one.where.how.by == refresh::none || one.kind == estimate::finding_kind::absolute_age)
            continue;
        const auto effect = estimate::effect_of(one);
        if (effect == estimate::refresh_effect::counts ||
            effect == estimate::refresh_effect::does_not_count)
            counts.add(of_finding(which, one, 1),
                       effect == estimate::refresh_effect::counts ? 1 : 0);
    }
    return counts.text();
}

std::string watch(const store::run& which, const store::watch_sums& seen)
{
    family messages{"deadair_watch_messages", "", "Messages on held connections, by what came."};
    family incidents{"deadair_watch_incidents", "", "Incidents that the watch noticed, by kind."};
    const auto arrived = seen.messages - std::min(seen.messages, seen.missed);
    messages.add(with(of_run(which), "outcome", "delivered"), static_cast<double>(arrived));
    messages.add(with(of_run(which), "outcome", "missed"), static_cast<double>(seen.missed));
    for (const auto& [kind, count] : seen.incidents)
        incidents.add(with(of_run(which), "kind", std::string{to_string(kind)}),
                      static_cast<double>(count));
    return messages.text() + incidents.text();
}

std::string recommendations(const store::run& which,
                            std::span<const recommend::recommendation> settings)
{
    family seconds{"deadair_recommended_seconds", "seconds", "Recommended value of a setting."};
    family counts{"deadair_recommended_number", "", "Recommended value of a setting that counts."};
    for (const auto& each : settings)
        if (each.value)
            (each.unit == "s" ? seconds : counts)
                .add(with(of_run(which), "setting", std::string{to_string(each.setting)}),
                     *each.value);
    return seconds.text() + counts.text();
}

}  // namespace

std::string openmetrics(const store::run& which, std::span<const finding> found,
                        std::span<const recommend::recommendation> settings,
                        const std::optional<store::watch_sums>& watched)
{
    family started{"deadair_run_started_timestamp_seconds", "seconds",
                   "When the run began, since 1970."};
    started.add(of_run(which), since_epoch(which.started_at));
    family run{"deadair_run", "", "1 for the run that the other figures come from."};
    auto about = of_run(which);
    about.insert(about.end(), {{"run_uuid", which.uuid},
                               {"started_at", which.started_at},
                               {"state", std::string{to_string(which.state)}},
                               {"client_host", which.client_host},
                               {"program_version", which.program_version}});
    run.add(about, 1);
    return run.text() + started.text() + findings(which, found) + refreshes(which, found) +
           recommendations(which, settings) + (watched ? watch(which, *watched) : "") + "# EOF\n";
}

}  // namespace deadair::report
