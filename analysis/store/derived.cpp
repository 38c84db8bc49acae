// What every analysis writes anew.
#include "analysis/store/handle.hpp"
#include "analysis/store/store.hpp"
#include "analysis/words/names.hpp"

namespace deadair::store {

void database::replace_findings(run_id which, std::span<const estimate::finding> found)
{
    transaction all{handle_->sql};
    handle_->sql.prepare("DELETE FROM findings WHERE run_id = ?").bind(which).run();
    for (const auto& each : found)
        handle_->sql
            .prepare(
                "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                "?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(which)
            .bind(to_string(each.where.on.kind))
            .bind(to_string(each.where.way))
            .bind(to_string(each.where.how.by))
            .bind(to_string(each.where.how.from))
            .bind(std::int64_t{each.where.on.server_port})
            .bind(to_string(each.where.on.family))
            .bind(to_string(each.kind))
            .bind(each.idle_timeout)
            .bind(each.low)
            .bind(each.high)
            .bind(each.confidence)
            .bind(each.after_expiry ? std::optional{to_string(*each.after_expiry)} : std::nullopt)
            .bind(std::int64_t{each.delivered})
            .bind(std::int64_t{each.not_delivered})
            .bind(std::int64_t{each.voided})
            .bind(each.share)
            .bind(each.note)
            .bind(to_string(each.why))
            .bind(each.period)
            .bind(each.moment)
            .bind(each.crowd ? std::optional{std::int64_t{*each.crowd}} : std::nullopt)
            .bind(std::int64_t{each.by_itself})
            .run();
    all.commit();
}

void database::replace_recommendations(run_id which,
                                       std::span<const recommend::recommendation> settings)
{
    transaction all{handle_->sql};
    handle_->sql.prepare("DELETE FROM recommendations WHERE run_id = ?").bind(which).run();
    for (const auto& each : settings)
        handle_->sql.prepare("INSERT INTO recommendations VALUES (?, ?, ?, ?, ?, ?)")
            .bind(which)
            .bind(to_string(each.setting))
            .bind(each.value)
            .bind(each.unit)
            .bind(std::int64_t{each.low_confidence})
            .bind(each.reason)
            .run();
    all.commit();
}

}  // namespace deadair::store
