// Opening a file, and writing to it.
#include "analysis/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <span>

#include "analysis/store/handle.hpp"
#include "analysis/store/schema.hpp"
#include "analysis/words/names.hpp"

namespace deadair::store {

namespace {

int newest_version()
{
    return version_oldest - 1 + static_cast<int>(migrations.size());
}

bool holds_other_tables(connection_to_file& file)
{
    return file.pragma("SELECT count(*) FROM sqlite_schema") > 0;
}

void migrate(connection_to_file& file)
{
    if (version_of(file) == newest_version())
        return;
    transaction change{file};
    // Another program may have done it while we waited.
    const int known = std::max(file.pragma("PRAGMA user_version"), version_oldest - 1);
    for (const auto* step : std::span{migrations}.subspan(std::size_t(known - version_oldest + 1)))
        file.execute(step);
    file.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id,
                             newest_version())
                     .c_str());
    change.commit();
}

void refuse_folder(const std::filesystem::path& file)
{
    if (std::filesystem::is_directory(file))
        throw store_error(store_error::kind::bad_input,
                          fmt::format("--db {} is a folder; name a file in it", file.string()));
}

// RFC 9562, version 4.
std::string fresh_uuid()
{
    std::random_device random;
    std::array<unsigned, 4> word{random(), random(), random(), random()};
    word[1] = (word[1] & 0xffff0fffU) | 0x00004000U;
    word[2] = (word[2] & 0x3fffffffU) | 0x80000000U;
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", word[0], word[1] >> 16,
                       word[1] & 0xffff, word[2] >> 16, word[2] & 0xffff, word[3]);
}

}  // namespace

int version_of(connection_to_file& file)
{
    const int id = file.pragma("PRAGMA application_id");
    const int version = file.pragma("PRAGMA user_version");
    if (id != application_id && (id != 0 || version != 0 || holds_other_tables(file)))
        file.refuse("is a database of another program; name another file with --db");
    if (version != 0 && version < version_oldest)
        file.refuse(
            fmt::format("holds tables of version {}, older than this program reads ({}); name "
                        "another file with --db",
                        version, version_oldest));
    if (version > newest_version())
        file.refuse(
            fmt::format("was written by a newer deadair (tables of version {}, this "
                        "program knows {}); use that release, or name another file with "
                        "--db",
                        version, newest_version()));
    if (version == 0 && id == application_id && holds_other_tables(file))
        file.refuse("has tables and does not say of which version; name another file with --db");
    if (version == newest_version())
        require_newest_tables(file);
    return version;
}

std::string_view to_string(run_state value)
{
    constexpr std::array<std::string_view, 4> names{"running", "finished", "interrupted", "failed"};
    return name_of(value, names);
}

database::database(std::unique_ptr<handle> opened) : handle_{std::move(opened)} {}
database::database(database&&) noexcept = default;
database& database::operator=(database&&) noexcept = default;
database::~database() = default;

database database::open(const std::filesystem::path& file)
{
    refuse_folder(file);
    auto opened = std::make_unique<handle>(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    auto& sql = opened->sql;
    (void)version_of(sql);
    if (!sql.writable())
        sql.fail(SQLITE_READONLY);
    // In WAL a reader never waits for the writer. NORMAL survives the end of any program at any
    // moment; only a power cut may take the last outcomes, and never the file.
    sql.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    migrate(sql);
    opened->checkpoints.emplace(file, sql.raw());
    return database{std::move(opened)};
}

database database::open_existing(const std::filesystem::path& file)
{
    if (!std::filesystem::exists(file))
        throw store_error(store_error::kind::bad_input,
                          fmt::format("there is no database {}; name the file that the prober "
                                      "wrote with --db",
                                      file.string()));
    refuse_folder(file);
    auto opened = open_to_read(file);
    auto& sql = opened->sql;
    if (version_of(sql) == 0)
        sql.refuse("holds no run yet; measure first with deadair-prober");
    if (sql.writable()) {
        sql.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
        migrate(sql);
    } else {
        keep_derived_in_memory(sql);
    }
    return database{std::move(opened)};
}

run_id database::begin_run(const run& started)
{
    handle_->sql
        .prepare(
            "INSERT INTO runs (run_uuid, label, started_at, state, client_host, "
            "server_endpoint, program_version, options_asked, options_used, intercepted, "
            "note, command, watch_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(fresh_uuid())
        .bind(started.label)
        .bind(started.started_at)
        .bind(to_string(started.state))
        .bind(started.client_host)
        .bind(started.server_endpoint)
        .bind(started.program_version)
        .bind(started.options_asked)
        .bind(started.options_used)
        .bind(std::int64_t{started.intercepted})
        .bind(started.note)
        .bind(started.command)
        .bind(started.watch)
        .run();
    return handle_->sql.last_row();
}

void database::end_run(run_id which, run_state how, const std::string& ended_at,
                       const std::optional<std::string>& note)
{
    handle_->sql
        .prepare(
            "UPDATE runs SET state = ?, ended_at = ?, note = coalesce(?, note) "
            "WHERE run_id = ?")
        .bind(to_string(how))
        .bind(ended_at)
        .bind(note)
        .bind(which)
        .run();
}

void database::add(const connection& opened)
{
    handle_->sql
        .prepare(
            "INSERT INTO connections (run_id, connection_id, transport, family, "
            "local_address, local_port, server_address, server_port, opened_s, "
            "socket_options) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(opened.run)
        .bind(std::int64_t{opened.connection_id})
        .bind(to_string(opened.on.kind))
        .bind(to_string(opened.on.family))
        .bind(opened.local_address)
        .bind(std::int64_t{opened.local_port})
        .bind(opened.server_address)
        .bind(std::int64_t{opened.on.server_port})
        .bind(opened.opened)
        .bind(opened.socket_options)
        .run();
}

void database::set_end(const connection_end& ended)
{
    handle_->sql
        .prepare(
            "UPDATE connections SET last_delivered_s = ?, first_undelivered_s = ?, "
            "end_s = ?, end_cause = ?, server_end_cause = ? "
            "WHERE run_id = ? AND connection_id = ?")
        .bind(ended.last_delivered)
        .bind(ended.first_undelivered)
        .bind(ended.ended)
        .bind(ended.client_saw)
        .bind(or_null(ended.server_saw))
        .bind(ended.run)
        .bind(std::int64_t{ended.connection_id})
        .run();
}

void database::add(const probe& settled)
{
    handle_->sql
        .prepare(
            "INSERT INTO probes (run_id, probe_id, connection_id, transport, direction, "
            "refresh, refresh_from, idle_age_s, idle_age_error_s, unprompted, sent_s, "
            "verdict_s, outcome, void_reason, round_trip_ms, retransmissions, unanswered, "
            "retransmitted_before, server_saw) SELECT run_id, ?, connection_id, transport, ?, ?, "
            "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM connections WHERE run_id = ? AND "
            "connection_id = ? "
            "ON CONFLICT (run_id, probe_id) DO UPDATE SET outcome = excluded.outcome, "
            "verdict_s = excluded.verdict_s, void_reason = excluded.void_reason")
        .bind(std::int64_t{settled.probe_id})
        .bind(to_string(settled.way))
        .bind(to_string(settled.how.by))
        .bind(to_string(settled.how.from))
        .bind(settled.idle_age)
        .bind(settled.idle_age_error)
        .bind(std::int64_t{settled.unprompted})
        .bind(settled.sent)
        .bind(settled.verdict)
        .bind(to_string(settled.result))
        .bind(or_null(settled.void_reason))
        .bind(settled.round_trip
                  ? std::optional{std::chrono::duration<double, std::milli>(*settled.round_trip)
                                      .count()}
                  : std::nullopt)
        .bind(std::int64_t{settled.retransmissions})
        .bind(std::int64_t{settled.unanswered})
        .bind(settled.retransmitted_before
                  ? std::optional<std::int64_t>{*settled.retransmitted_before}
                  : std::nullopt)
        .bind(or_null(settled.server_saw))
        .bind(settled.run)
        .bind(std::int64_t{settled.connection_id})
        .run();
}

void database::add(const event& happened)
{
    handle_->sql.prepare("INSERT INTO events (run_id, at_s, kind, detail) VALUES (?, ?, ?, ?)")
        .bind(happened.run)
        .bind(happened.at)
        .bind(happened.kind)
        .bind(happened.detail)
        .run();
}

void database::add(std::span<const path_sample> samples)
{
    transaction all{handle_->sql};
    for (const auto& each : samples)
        handle_->sql
            .prepare(
                "INSERT INTO path_samples (run_id, at_s, source, name, value) "
                "VALUES (?, ?, ?, ?, ?)")
            .bind(each.run)
            .bind(each.at)
            .bind(each.source)
            .bind(each.name)
            .bind(each.value)
            .run();
    all.commit();
}

}  // namespace deadair::store
