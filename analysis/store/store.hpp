#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analysis/estimate/asked.hpp"
#include "analysis/estimate/estimate.hpp"
#include "analysis/recommend/recommend.hpp"
#include "analysis/store/evidence.hpp"
#include "analysis/store/held.hpp"
#include "analysis/store/upload.hpp"
#include "analysis/words/duration.hpp"
#include "analysis/words/exit_error.hpp"
#include "analysis/words/words.hpp"

/// The SQLite file: the only place that speaks SQL. Raw rows are appended, never changed
/// (but for a run's and a connection's end); derived rows are rewritten by every analysis.
namespace deadair::store {

/// The file cannot serve: locked, read-only, corrupt, not ours, newer than this program, disk
/// full. `what()` is one sentence that names the file and the way out.
class store_error : public exit_error {
public:
    enum class kind : std::uint8_t {
        bad_input,  ///< the file is not what was asked for
        failed,     ///< the machine would not let us
    };
    /// @param passing  it may go by without anybody touching the file
    store_error(kind of, const std::string& happened, const std::string& way_out = {},
                bool passing = false)
        : exit_error(of == kind::bad_input ? exit_code::bad_usage : exit_code::failed,
                     way_out.empty() ? happened : happened + "; " + way_out),
          happened_{happened},
          passing_{passing}
    {
    }
    /// `what()` without the way out.
    const std::string& happened() const { return happened_; }
    bool passing() const { return passing_; }

private:
    std::string happened_;
    bool passing_;
};

enum class run_state : std::uint8_t { running, finished, interrupted, failed };
std::string_view to_string(run_state value);

struct run {
    run_id id{};       ///< given by the store
    std::string uuid;  ///< the same; stays when files are merged
    std::string label;
    std::string started_at;               ///< UTC, ISO 8601, "2026-01-31T12:00:00.000Z"
    std::optional<std::string> ended_at;  ///< the same; none while it runs or if it was killed
    run_state state{run_state::running};
    std::string client_host;
    std::string server_endpoint;  ///< as asked: "echo.example:7443"
    std::string program_version;
    std::string options_asked;  ///< the command line, without secrets
    std::string options_used;   ///< JSON, every option with its value
    bool intercepted{};  ///< --allow-interception was needed: the channel binding was left out
    std::optional<std::string> note;
    std::string command{"measure"};   ///< of deadair-prober, that made it
    std::optional<watch_id> watch{};  ///< of which it is part
};

struct connection {
    run_id run{};
    std::uint32_t connection_id{};  ///< unique within the run
    path on;
    std::string local_address;
    std::uint16_t local_port{};
    std::string server_address;
    nanoseconds opened{};
    std::string socket_options;  ///< JSON: keepalive, nodelay, ...
};

struct connection_end {
    run_id run{};
    std::uint32_t connection_id{};
    std::optional<nanoseconds> last_delivered;     ///< longest idle age delivered on it
    std::optional<nanoseconds> first_undelivered;  ///< idle age of its first probe that was not
    nanoseconds ended{};
    std::string client_saw;  ///< reset, closed, timeout, own, nothing
    std::string server_saw;  ///< the same words; empty: not reported
};

struct probe {
    run_id run{};
    std::uint32_t probe_id{};  ///< unique within the run
    std::uint32_t connection_id{};
    direction way{};
    refresh by{refresh::none};
    refresh_side from{refresh_side::none};
    nanoseconds idle_age{};
    nanoseconds idle_age_error{};
    bool unprompted{};
    nanoseconds sent{};
    std::optional<nanoseconds> verdict;
    outcome result{};
    std::string void_reason;  ///< empty unless void
    std::optional<nanoseconds> round_trip;
    std::uint32_t retransmissions{};
    std::uint32_t unanswered{};
    std::optional<std::uint32_t> retransmitted_before{};  ///< by the speaker, before the silence
    std::string server_saw;  ///< what the far end's socket reported, if it did
};

struct event {
    run_id run{};
    nanoseconds at{};
    std::string kind;    ///< outage_began, outage_ended, open_failed, suspended, ...
    std::string detail;  ///< for people
};

/// One figure of the path at one moment.
struct path_sample {
    run_id run{};
    nanoseconds at{};
    std::string source;  ///< "connection 17", "control", "host"
    std::string name;    ///< with its unit: "rtt_us", "retransmitted_segments"
    double value{};
};

/// What stands in a column of a row: NULL, an integer, a real number or text.
using cell = std::variant<std::monostate, std::int64_t, double, std::string>;

class database {
public:
    /// Opens or makes the file, migrates an older one.
    /// @throws store_error
    static database open(const std::filesystem::path& file);
    /// Opens an existing file for `deadair-analysis`. Where it may only be read (its mode, its
    /// folder, its medium), derived rows are kept in memory.
    /// @throws store_error
    static database open_existing(const std::filesystem::path& file);

    database(database&&) noexcept;
    database& operator=(database&&) noexcept;
    ~database();

    std::filesystem::path file() const;

    // Recording. Each call is one transaction, on disk when it returns (WAL); `recorder` does it
    // without keeping anybody waiting.
    /// What is recorded meanwhile is one transaction.
    void together(const std::function<void()>& record);
    run_id begin_run(const run& started);
    void end_run(run_id which, run_state how, const std::string& ended_at,
                 const std::optional<std::string>& note);
    void add(const connection& opened);
    void set_end(const connection_end& ended);
    /// A second row for the same probe replaces the first only to take a verdict back (lost ->
    /// late).
    void add(const probe& settled);
    void add(const event& happened);
    void add(std::span<const path_sample> samples);
    /// With its progress, in one transaction.
    void add(const upload& settled, std::span<const upload_progress> progress);

    void add(const evidence& gathered);
    void add(const message& said);
    void add(const verification& concluded);
    void add(const incident& noticed);
    watch_id begin_watch(const watch& begun);
    void end_watch(watch_id which, const std::string& ended_at);

    // Derived.
    void replace_findings(run_id which, std::span<const estimate::finding> found);
    void replace_recommendations(run_id which, std::span<const recommend::recommendation> settings);

    /// Copies every run of the other files, with all that belongs to it; all of them or none.
    /// @return how many runs. @throws store_error; `bad_input` if a run is there already
    std::size_t merge(std::span<const std::filesystem::path> others);

    // Reading.
    std::vector<std::string> table_names() const;
    std::vector<std::string> column_names(const std::string& table) const;
    /// Gives each row of a table, of one run or of all.
    void each_row(const std::string& table, std::optional<run_id> of,
                  const std::function<void(std::span<const cell>)>& take) const;
    std::vector<run> runs() const;
    /// `latest` (measurement, or else what says most), an id or a label. @throws store_error
    /// (bad_input) if none or several fit.
    run find_run(const std::string& which) const;
    /// A run's raw rows, each kind in the order in which it happened.
    std::vector<connection> connections(run_id which) const;
    std::vector<connection_end> connection_ends(run_id which) const;
    std::vector<probe> probes(run_id which) const;
    std::vector<event> events(run_id which) const;
    std::vector<path_sample> path_samples(run_id which) const;
    /// A run's own; of a watch's measurement also those of the connections that the watch kept
    /// busy.
    std::vector<estimate::observation> observations(run_id which) const;
    /// What a measurement was to find out, as far as its options tell.
    estimate::asked asked_of(run_id which) const;
    std::vector<estimate::finding> findings(run_id which) const;
    std::vector<recommend::recommendation> recommendations(run_id which) const;
    /// In order of time.
    std::vector<path_sample> path_samples(run_id which, const std::string& source) const;
    std::vector<upload> uploads(run_id which) const;
    std::vector<upload_progress> progress_of(run_id which, std::uint32_t upload_id) const;
    /// In the order in which it was gathered.
    std::vector<evidence> evidence_of(run_id which) const;
    /// The shortest idle timeout that the latest run against this server found, if one did.
    std::optional<known_timeout> idle_timeout_of(const std::string& server_endpoint) const;
    /// Median round trip, its variation and the loss seen by the run's probes, for recommend.
    recommend::conditions conditions(run_id which) const;
    /// The watch to go on with: of the same label, host and server, and not ended.
    std::optional<watch> unfinished_watch(const watch& like) const;
    watch_sums sums_of(watch_id which) const;
    /// What a watch noticed, in order of time.
    std::vector<incident> incidents(watch_id of) const;
    /// What verify came to at this server, the latest first; empty in a file from before.
    std::vector<verification> verifications(const std::string& server_endpoint) const;

    struct handle;  ///< of the store's own sources

private:
    explicit database(std::unique_ptr<handle> opened);
    std::unique_ptr<handle> handle_;
};

}  // namespace deadair::store
