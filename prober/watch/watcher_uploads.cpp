// The uploads of a watch: a few, each on a connection of its own.
#include <fmt/format.h>

#include "analysis/report/uploads.hpp"
#include "prober/server/resolve.hpp"
#include "prober/session/destroy_later.hpp"
#include "prober/watch/watcher.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// After the server could not be reached, or the database not be written.
constexpr nanoseconds upload_again = 60s;

store::incident incident_of(const store::upload& failed)
{
    store::incident noticed;
    noticed.at = failed.started + failed.total;
    noticed.kind = incident_kind::upload_failed;
    noticed.way = direction::to_server;
    noticed.unnoticed = failed.longest_stall;
    noticed.client_saw = std::string{to_string(failed.result)};
    if (failed.rtt)
        noticed.round_trip_ms = to_seconds(*failed.rtt) * 1e3;
    noticed.detail = fmt::format("{}; {} of {} bytes arrived", report::upload_line(failed),
                                 failed.moved_bytes, failed.size_bytes);
    return noticed;
}

}  // namespace

void watcher::begin_uploads()
{
    uploads_since_ = clock_.now();
    upload_at_ = uploads_since_ + upload_again;
    uploads::measurement::settings how;
    how.what = uploads::patient_form();
    how.what.paths = paths_of(wanted_.server, *server_, wanted_.transports);
    how.server = control_of(wanted_.server, *server_, wanted_.transports);
    how.description = wanted_.description;
    how.description.command = "uploads";
    uploads_ = std::make_unique<uploads::measurement>(io_, *server_, std::move(how), record_);
    uploads_->when_over([this] { conclude_uploads(); });
    uploads_->start();
}

void watcher::conclude_uploads()
{
    const auto run = uploads_->run();
    const auto failure = uploads_->how().failure;
    dismiss_uploads();
    if (!runs())
        return end_when_all_is_kept();
    if (!failure.empty())
        return say(fmt::format("could not upload: {}", failure));
    upload_at_ = clock_.now() + *wanted_.upload_every;
    record_.ask<std::vector<store::upload>>(
        [run = *run](const store::database& from) { return from.uploads(run); },
        [this, run = *run](const std::vector<store::upload>& all) { uploaded(run, all); },
        [this](const std::string& why) { disk_failed(why); });
}

void watcher::uploaded(store::run_id run, const std::vector<store::upload>& all)
{
    ledger into{record_, run};
    const auto blamed = context_.blame_for(uploads_since_, clock_.now(), blame::path);
    std::size_t arrived = 0;
    std::size_t counted = 0;
    for (const auto& each : all) {
        arrived += each.result == transfer_outcome::completed ? 1 : 0;
        counted += each.result != transfer_outcome::voided ? 1 : 0;
        if (each.result == transfer_outcome::completed || each.result == transfer_outcome::voided)
            continue;
        auto noticed = incident_of(each);
        noticed.put_down_to = blamed;
        write(std::move(noticed), into);
    }
    say(fmt::format("uploaded, run {}: {} of {} arrived", run, arrived, counted));
}

void watcher::dismiss_uploads()
{
    if (!uploads_)
        return;
    uploads_->abandon();
    destroy_later(io_, std::move(uploads_));
}

}  // namespace deadair::prober
