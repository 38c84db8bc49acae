#include "prober/observation/lookout.hpp"

#include <fmt/format.h>

#include <utility>

namespace deadair::observation {

void lookout::opened(time at)
{
    stage_ = stage::up;
    heard_at_ = at;
    segments_in_.reset();
    if (!std::exchange(ever_up_, true))
        tell(control_up{.resumed = false, .connections_max = limits_.connections_max});
    else if (down_)
        tell(control_up{.resumed = true, .connections_max = limits_.connections_max});
    down_ = false;
    answer_all();
}

void lookout::answered(time at)
{
    heard_at_ = at;
    asking_ = false;
    answer_all();
}

// What it says now was said after all that it was asked about.
void lookout::answer_all()
{
    for (const auto each : std::exchange(asked_about_, {}))
        tell(path_works{each});
}

void lookout::counted(std::uint32_t segments_in, time at)
{
    if (stage_ != stage::up)
        return;
    const bool more = segments_in_ && *segments_in_ != segments_in;
    segments_in_ = segments_in;
    if (!more)
        return;
    heard_at_ = at;
    if (std::exchange(down_, false))
        tell(control_heard{});
    if (limits_.packets_answer)
        answer_all();
}

void lookout::gone(outcome how, const std::string& why, time)
{
    const bool was_up = std::exchange(stage_, stage::away) == stage::up;
    asking_ = false;
    if (!ever_up_)
        return refused(why);
    if (!was_up || how != outcome::closed)
        down(why);
}

void lookout::down(const std::string& why)
{
    asked_about_.clear();
    if (!std::exchange(down_, true))
        tell(control_down{.why = why, .worked_at = heard_at_});
}

void lookout::leave(const std::string& why, std::vector<action>& todo)
{
    todo.emplace_back(end{});
    gone(outcome::lost, why, {});
}

std::vector<lookout::action> lookout::act(time now)
{
    std::vector<action> todo;
    if (stage_ == stage::opening && now - *begun_at_ >= limits_.answer_max)
        leave(
            fmt::format("the server did not answer within {}", format_duration(limits_.answer_max)),
            todo);
    if (stage_ == stage::up && now - heard_at_ > limits_.silence_max)
        down("the connection that shows whether the path works is silent");
    if (stage_ == stage::up && now - heard_at_ > limits_.silence_to_reopen)
        leave("the connection that shows whether the path works is silent", todo);
    const bool may_open = !begun_at_ || (ever_up_ && now - *begun_at_ >= limits_.pause);
    if (stage_ == stage::away && may_open) {
        begun_at_ = now;
        stage_ = stage::opening;
        todo.emplace_back(open{});
    }
    if (stage_ == stage::up && !down_ && !limits_.packets_answer && !asked_about_.empty() &&
        !std::exchange(asking_, true))
        todo.emplace_back(ask{});
    return todo;
}

}  // namespace deadair::observation
