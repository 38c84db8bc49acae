#include "echo-server/registry.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "echo-server/peer.hpp"
#include "echo-server/transport/random.hpp"
#include "echo-server/transport/turn.hpp"

namespace deadair::echo_server {

namespace {

using namespace std::chrono_literals;

// How often sessions are looked over, while there are any.
constexpr auto sweep_interval = 5s;

}  // namespace

registry::registry(boost::asio::io_context& io, const server_limits& limits, server_counts& counts,
                   log& events)
    : io_{io}, limits_{limits}, counts_{counts}, log_{events}, sweep_timer_{io}
{
}

void registry::stop()
{
    sweep_timer_.cancel();
    over_.clear();
    revoked_.clear();
    by_ticket_.clear();
    sessions_.clear();
}

void registry::replace_tokens(const std::vector<wire::token>& tokens)
{
    auto before = std::exchange(teams_, {});
    for (const auto& each : tokens) {
        const auto known = std::ranges::find_if(
            before, [&](const auto& one) { return one && one->token.secret == each.secret; });
        teams_.push_back(known == before.end() ? std::make_shared<team>()
                                               : std::exchange(*known, nullptr));
        teams_.back()->token = each;
    }
    share_out();
    std::erase(before, nullptr);
    const auto is_over = [&](const auto& each) {
        return std::ranges::find(before, each.second->of()) != before.end();
    };
    for (auto at = std::ranges::find_if(sessions_, is_over); at != sessions_.end();
         at = std::find_if(at, sessions_.end(), is_over))
        end((at++)->first);
    revoked_.insert(revoked_.end(), before.begin(), before.end());
    end_soon();
}

void registry::share_out()
{
    for (const auto& each : teams_) {
        each->kept.most = wire::reports_kept_in_all_bytes_max / teams_.size();
        each->left = allowance{team_rates(limits_.rates, teams_.size()), clock::now()};
    }
}

std::shared_ptr<team> registry::team_of(const wire::exchange& said, const wire::digest& proof) const
{
    std::shared_ptr<team> fitting;
    for (const auto& each : teams_)
        if (wire::same(wire::prove_client(each->token.secret, said), proof))
            fitting = each;
    return fitting;
}

std::shared_ptr<team> registry::team_of(std::string_view hex) const
{
    const auto secret = wire::parse_secret(hex);
    std::shared_ptr<team> fitting;
    for (const auto& each : teams_)
        if (secret && wire::same_secret(each->token.secret, *secret))
            fitting = each;
    return fitting;
}

bool registry::has_room(const team& whose) const
{
    return whose.sessions + whose.connections <
           share(limits_.connections_per_token, limits_.connections, teams_.size());
}

std::size_t registry::connections_max(const team& whose) const
{
    const auto all = share(limits_.connections_per_token, limits_.connections, teams_.size());
    return std::min(limits_.connections_per_session, all - std::min(all, whose.sessions));
}

registry::welcome registry::admit(const wire::session_id& resume,
                                  const std::shared_ptr<team>& whose)
{
    if (const auto found = sessions_.find(resume);
        found != sessions_.end() && found->second->of() == whose) {
        ++counts_.sessions_resumed;
        return {.to = found->second.get(), .resumed = true};
    }
    if (sessions_.size() >= limits_.sessions || !has_room(*whose) ||
        whose->sessions >= share(limits_.sessions_per_token, limits_.sessions, teams_.size()))
        return {};
    ++counts_.sessions_begun;
    const auto id = net::random_bytes<wire::session_id>();
    const auto half = net::random_bytes<std::array<tickets::half, 1>>().front();
    auto& made = sessions_[id];
    made = std::make_unique<session>(id, half, whose, limits_.rates, clock::now());
    by_ticket_.emplace(half, made.get());
    watch();
    return {.to = made.get()};
}

std::vector<wire::ticket> registry::issue_tickets(session& to, std::size_t count)
{
    std::vector<wire::ticket> issued(std::min<std::size_t>(count, wire::tickets_max));
    std::array<tickets::half, wire::tickets_max> own{};
    net::fill_random(std::as_writable_bytes(std::span{own}.first(issued.size())));
    for (std::size_t i = 0; i < issued.size(); ++i)
        issued[i] = to.admissions().issue(own.at(i), clock::now());
    return issued;
}

session* registry::redeem(const wire::ticket& shown)
{
    const auto found = by_ticket_.find(tickets::session_half(shown));
    const bool good =
        found != by_ticket_.end() && found->second->admissions().redeem(shown, clock::now());
    return good ? found->second : nullptr;
}

// From now on it cannot be resumed or joined; its connections go some at a time.
void registry::end(const wire::session_id& id)
{
    auto ended = std::move(sessions_.extract(id).mapped());
    by_ticket_.erase(ended->admissions().of_session());
    over_.push_back(std::move(ended));
}

void registry::end_soon()
{
    if (!std::exchange(ending_, true))
        boost::asio::post(io_, [this] { end_some(); });
}

void registry::end_some()
{
    ending_ = false;
    for (const net::turn mine; end_one();)
        if (mine.over())
            return end_soon();
}

// False when there is nothing left to do.
bool registry::end_one()
{
    if (!over_.empty()) {
        auto& first = *over_.front();
        if (auto* const control = first.control(); control != nullptr) {
            control->dismiss(farewell::revoked);
        } else if (auto* const member = first.any_member(); member != nullptr) {
            member->leave();
        } else {
            log_.write(log_level::info, "event=session_ended token={}",
                       in_quotes(first.of()->token.name));
            over_.pop_front();
        }
        return true;
    }
    if (revoked_.empty())
        return false;
    if (const auto& guests = revoked_.front()->guests; guests.empty())
        revoked_.pop_front();
    else
        (*guests.begin())->dismiss(farewell::revoked);
    return true;
}

void registry::watch()
{
    if (std::exchange(watching_, true))
        return;
    sweep_timer_.expires_after(sweep_interval);
    sweep_timer_.async_wait([this](const boost::system::error_code& error) {
        watching_ = false;
        if (!error)
            sweep();
    });
}

// Looks at all of them, some in each turn.
void registry::sweep()
{
    const net::turn mine;
    const auto now = clock::now();
    for (auto at = sessions_.upper_bound(swept_to_); at != sessions_.end();) {
        if (mine.over())
            return boost::asio::post(io_, [this] { sweep(); });
        auto& each = *(at++)->second;
        swept_to_ = each.id();
        if (each.control_silent(now))
            each.control()->leave();
        if (each.expired(now))
            end(each.id());
    }
    swept_to_ = {};
    end_soon();
    if (!sessions_.empty())
        watch();
}

}  // namespace deadair::echo_server
