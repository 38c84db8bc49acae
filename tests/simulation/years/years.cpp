#include "tests/simulation/years/years.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <fstream>

#include "prober/watch/plan/agenda.hpp"
#include "prober/watch/plan/drift.hpp"
#include "prober/watch/plan/incident.hpp"
#include "tests/simulation/years/book.hpp"
#include "tests/simulation/years/held.hpp"
#include "tests/simulation/years/weather.hpp"

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;
namespace note = observation::note;

constexpr nanoseconds day = 24h;

// The resident set (proc(5), statm), without what the allocator keeps for itself.
long resident_kib()
{
    ::malloc_trim(0);
    long whole = 0, resident = 0;
    std::ifstream{"/proc/self/statm"} >> whole >> resident;
    return resident * 4;
}

class watch {
public:
    watch(std::uint64_t seed, const std::filesystem::path& file) : weather_{seed}, book_{file} {}

    void next_day();
    lived& result() { return lived_; }
    void end() { book_.end(); }

private:
    void hold(nanoseconds lasting);
    void measure();
    void judge(const prober::learned& from);
    void weigh_failure(const observation::flight& seen, outcome result, time at, bool prompted);
    void remember(const note::happened& told, time at);

    weather weather_;
    book book_;
    watch_plan::agenda agenda_{day, std::nullopt};
    watch_plan::context context_;
    std::optional<prober::learned> known_;
    lived lived_;
    time now_{};            // since the watch began
    bool policy_unseen_{};  // changed, and not measured since
};

// Of what was found before, something may be as it is now: then nobody can tell that it changed.
bool leaves_room_for(const std::vector<estimate::finding>& before, nanoseconds truth)
{
    return std::ranges::any_of(before, [&](const auto& each) {
        return each.low.value_or(0s) <= truth && truth <= each.high.value_or(truth);
    });
}

planner::plan measuring()
{
    return {.paths = {{.server_port = 7443, .kind = transport::tls},
                      {.server_port = 7443, .kind = transport::wss}},
            .directions = {direction::to_client, direction::to_server},
            .connections = 64};
}

void watch::next_day()
{
    ++lived_.days;
    if (weather_.next_day()) {
        ++lived_.policies;
        // Two in a row may leave everything as it was.
        policy_unseen_ = known_.has_value();
    }
    const auto until = now_ + day;
    if (known_)
        hold(std::max(agenda_.next() - now_, nanoseconds{1min}));
    now_ = std::max(now_, std::min(until, agenda_.next()));
    while (agenda_.due(now_))
        measure();
}

void watch::hold(nanoseconds lasting)
{
    auto through = weather_.of(lasting);
    through.net.keepalive_interval = known_->settings.tcp_keepalive_interval;
    lived_.faults += through.faults;
    const auto box = weather_.firewall(through);
    const auto plan = measuring();
    parts all;
    all.push_back(std::make_unique<held>(hold::plan{.paths = plan.paths,
                                                    .directions = plan.directions,
                                                    .connections = 4,
                                                    .idle_timeout = known_->longest,
                                                    .until = lasting,
                                                    .seed = weather_.seed()},
                                         known_->settings));
    const auto saw = run(std::move(all), *box, through.net, weather_.seed());
    book_.held(saw);
    for (const auto& each : saw.notes) {
        if (const auto* const told = std::get_if<note::happened>(&each.what))
            remember(*told, now_ + each.at);
        else if (const auto* const settled = std::get_if<note::settled>(&each.what)) {
            ++lived_.messages;
            weigh_failure(settled->probe, settled->result, each.at, true);
        } else if (const auto* const ended = std::get_if<note::ended>(&each.what))
            weigh_failure(ended->seen, ended->result, each.at, false);
    }
}

void watch::remember(const note::happened& told, time at)
{
    if (told.what == observation::happening::outage_began)
        context_.happened(incident_kind::outage, at);
    else if (told.what == observation::happening::server_restarted)
        context_.happened(incident_kind::server_restarted, at);
    else if (told.what == observation::happening::suspended)
        context_.happened(incident_kind::suspended, at);
    else if (told.what == observation::happening::bindings_lost)
        context_.happened(incident_kind::bindings_lost, at);
}

void watch::weigh_failure(const observation::flight& seen, outcome result, time at, bool prompted)
{
    if (result == outcome::delivered || result == outcome::voided)
        return;
    const auto whom = context_.blame_for(now_ + seen.sent - seen.idle_age, now_ + at);
    store::incident noticed;
    noticed.at = at;
    noticed.kind = watch_plan::kind_of(result, prompted);
    noticed.put_down_to = whom;
    noticed.connection_id = seen.connection;
    noticed.quiet = seen.idle_age;
    book_.incident(std::move(noticed));
    const bool explained = whom != blame::settings || policy_unseen_;
    ++(explained ? lived_.missed : lived_.unexplained);
}

void watch::measure()
{
    agenda_.began();
    ++lived_.measurements;
    const auto through = weather_.of(weather_.idle_timeout() + 60s);
    lived_.faults += through.faults;
    const auto box = weather_.firewall(through);
    const auto saw = run(measuring(), *box, through.net, weather_.seed());
    const auto from = book_.measured(saw);
    now_ += saw.ended_at;
    const bool useful = std::ranges::any_of(from.findings, [](const auto& each) {
        return each.kind == estimate::finding_kind::timeout;
    });
    agenda_.ended(useful, now_);
    if (useful)
        judge(from);
    else
        ++lived_.unanswered;
    // Tried again when the agenda says so.
    if (!useful)
        now_ = agenda_.next();
}

void watch::judge(const prober::learned& from)
{
    const auto truth = weather_.idle_timeout();
    for (const auto& each : from.findings) {
        const bool holds = each.low.value_or(0s) <= truth && each.high.value_or(truth) >= truth;
        if (each.confidence >= 0.99 && each.kind != estimate::finding_kind::inconclusive && !holds)
            ++lived_.wrong;
    }
    for (const auto& each : {from.settings.tcp_keepalive, from.settings.idle_reconnect})
        if (each && *each >= truth)
            ++lived_.killing;
    const bool told = known_ && !watch_plan::compare(known_->findings, from.findings).empty();
    if (told && !policy_unseen_)
        ++lived_.invented;
    if (!told && policy_unseen_ && !leaves_room_for(known_->findings, truth))
        ++lived_.unseen;
    policy_unseen_ = false;
    known_ = from;
}

}  // namespace

lived live(int years, std::uint64_t seed, const std::filesystem::path& file)
{
    watch all{seed, file};
    for (int year = 0; year < years; ++year) {
        for (int each = 0; each < 365; ++each)
            all.next_day();
        all.result().resident_kib.at(year == 0 ? 0 : 1) = resident_kib();
    }
    all.end();
    for (const auto& each : std::filesystem::directory_iterator{file.parent_path()})
        all.result().file_bytes += each.file_size();
    return all.result();
}

void print(const lived& all, int years)
{
    const auto line = [](std::string_view name, const auto& value) {
        fmt::print("{:<58} {:>10}\n", name, value);
    };
    line("days", all.days);
    line("faults of path, server, host and firewall", all.faults);
    line("measurements", all.measurements);
    line("without an answer, and tried again", all.unanswered);
    line("findings at 99 % that do not hold the truth", all.wrong);
    line("settings that would kill a connection", all.killing);
    line("changes of the idle timeout", all.policies);
    line("not told by the next measurement", all.unseen);
    line("told though there was none", all.invented);
    line("messages on held connections", all.messages);
    line("missed, with a fault or a new policy to blame", all.missed);
    line("missed, and put down to the settings for no reason", all.unexplained);
    line("file, MiB a year", fmt::format("{:.1f}", double(all.file_bytes) / years / 1048576));
    line("memory after the first year, MiB", all.resident_kib[0] / 1024);
    line("memory at the end, MiB", all.resident_kib[1] / 1024);
}

}  // namespace deadair::simulation
