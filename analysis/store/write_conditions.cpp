// What uploads say of the path.
#include <algorithm>
#include <vector>

#include "analysis/store/upload.hpp"

namespace deadair::store {

namespace {

// Where no more than this was sent, the share that was retransmitted says little.
constexpr std::int64_t sent_bytes_min = 2'000'000;
constexpr double loss_min = 0.001;
constexpr double loss_max = 0.5;

bool counts(const upload& one)
{
    return one.way == transfer_direction::upload && one.result == transfer_outcome::completed &&
           one.rto && one.rtt;
}

double loss_of(std::span<const upload> uploads, double otherwise)
{
    std::int64_t sent = 0;
    double retransmitted = 0;
    for (const auto& each : uploads)
        if (counts(each) && each.sent_bytes && each.retransmitted_share) {
            sent += *each.sent_bytes;
            retransmitted += static_cast<double>(*each.sent_bytes) * *each.retransmitted_share;
        }
    if (sent < sent_bytes_min)
        return otherwise;
    return std::clamp(retransmitted / static_cast<double>(sent), loss_min, loss_max);
}

}  // namespace

std::vector<path_limits::transfer> transfers_of(std::span<const upload> uploads)
{
    std::vector<path_limits::transfer> all;
    for (const auto& each : uploads)
        if ((each.spell == idle_spell::fresh || each.spell == idle_spell::below) &&
            each.result != transfer_outcome::voided)
            all.push_back({.on = each.on,
                           .upload = each.way == transfer_direction::upload,
                           .completed = each.result == transfer_outcome::completed,
                           .moved_bytes = each.moved_bytes});
    return all;
}

std::optional<recommend::write_conditions> conditions_of_writes(std::span<const upload> uploads,
                                                                double packet_loss)
{
    recommend::write_conditions found;
    std::uint64_t largest = 0;
    for (const auto& each : uploads)
        if (counts(each)) {
            ++found.transfers;
            found.round_trip = std::max(found.round_trip, *each.rtt);
            found.rto = std::max(found.rto, *each.rto);
            found.longest_stall = std::max(found.longest_stall, each.longest_stall);
            largest = std::max(largest, each.size_bytes);
        }
    if (found.transfers == 0)
        return std::nullopt;
    std::vector<double> goodputs;
    for (const auto& each : uploads)
        if (counts(each) && each.size_bytes == largest && each.goodput_bytes_per_s)
            goodputs.push_back(*each.goodput_bytes_per_s);
    std::ranges::sort(goodputs);
    if (!goodputs.empty()) {
        found.goodput_low = goodputs.front();
        found.goodput_median = goodputs[goodputs.size() / 2];
    }
    found.packet_loss = loss_of(uploads, packet_loss);
    return found;
}

}  // namespace deadair::store
