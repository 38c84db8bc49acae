#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/asked.hpp"
#include "analysis/estimate/estimate.hpp"
#include "analysis/path/limits.hpp"
#include "analysis/recommend/recommend.hpp"
#include "analysis/store/error.hpp"
#include "analysis/store/evidence.hpp"
#include "analysis/store/held.hpp"
#include "analysis/store/rows.hpp"
#include "analysis/store/upload.hpp"
#include "analysis/words/duration.hpp"

/// The SQLite file: the only place that speaks SQL. Raw rows are appended, never changed
/// (but for a run's and a connection's end); derived rows are rewritten by every analysis.
namespace deadair::store {

class database {
public:
    /// Opens or makes the file, migrates an older one.
    /// @throws store_error
    static database open(const std::filesystem::path& file);
    /// The same of an existing file. Where it may only be read, derived rows are kept in memory.
    static database open_existing(const std::filesystem::path& file);

    database(database&&) noexcept;
    database& operator=(database&&) noexcept;
    ~database();
    std::filesystem::path file() const;

    // Recording. Each call is one transaction, on disk when it returns (WAL).
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
    void add(const refusal& failed);
    void add(const event& happened);
    void add(std::span<const path_sample> samples);
    void add(const upload& settled, std::span<const upload_progress> progress);  ///< together
    void add(const evidence& gathered);
    void add(const message& said);
    void add(const verification& concluded);
    void add(const hop_probe& settled);
    void add(const hops_found& concluded);
    void add(const incident& noticed);
    watch_id begin_watch(const watch& begun);
    void end_watch(watch_id which, const std::string& ended_at);

    // Derived.
    void replace_findings(run_id which, std::span<const estimate::finding> found);
    void replace_recommendations(run_id which, std::span<const recommend::recommendation> settings);
    void replace_limits(run_id which, std::span<const path_limits::limit> found);

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
    run find_run(const std::string& which) const;
    /// A run's raw rows, each kind in the order in which it happened.
    std::vector<connection> connections(run_id which) const;
    std::vector<connection_end> connection_ends(run_id which) const;
    std::vector<refusal> refusals(run_id which) const;
    std::vector<probe> probes(run_id which) const;
    std::vector<event> events(run_id which) const;
    std::vector<path_sample> path_samples(run_id which) const;
    std::vector<path_sample> path_samples(run_id which, const std::string& source) const;
    std::vector<evidence> evidence_of(run_id which) const;
    /// A run's own; of a watch's measurement also those of what the watch kept busy.
    std::vector<estimate::observation> observations(run_id which) const;
    /// What a measurement was to find out, as far as its options tell.
    estimate::asked asked_of(run_id which) const;
    std::vector<estimate::finding> findings(run_id which) const;
    std::vector<recommend::recommendation> recommendations(run_id which) const;
    std::vector<path_limits::limit> limits(run_id which) const;
    std::vector<upload> uploads(run_id which) const;
    std::vector<upload_progress> progress_of(run_id which, std::uint32_t upload_id) const;
    hops_found hops_of(run_id which) const;         ///< which box forgets
    hops_found latest_boxes(watch_id which) const;  ///< of its latest run that names one
    /// The shortest idle timeout that the latest run against this server found, if one did.
    std::optional<known_timeout> idle_timeout_of(const std::string& server_endpoint) const;
    /// Median round trip, its variation and the loss seen by the run's probes, for recommend.
    recommend::conditions conditions(run_id which) const;
    /// The watch to go on with: of the same label, host and server, and not ended.
    std::optional<watch> unfinished_watch(const watch& like) const;
    watch_sums sums_of(watch_id which) const;
    std::vector<incident> incidents(watch_id of) const;  ///< in order of time
    std::vector<incident> incidents_of(run_id which) const;
    /// What verify came to at this server, the latest first; empty in a file from before.
    std::vector<verification> verifications(const std::string& server_endpoint) const;

    struct handle;  ///< of the store's own sources

private:
    explicit database(std::unique_ptr<handle> opened);
    std::unique_ptr<handle> handle_;
};

}  // namespace deadair::store
