#include "prober/session/stay.hpp"

namespace deadair::prober {

stay::stay(boost::asio::io_context& io, const target& server, const settings& how, stay_user& user)
    : any_stay{io,
               {.seen = {.verdict_after = how.verdict_after}, .clock = how.clock},
               [&](const run_clock& clock, inbox& into) {
                   return std::make_unique<session>(io, server, how.server, clock, into);
               },
               user},
      session_{static_cast<session&>(ends())}  // as it was made above
{
}

std::function<std::unique_ptr<any_stay>(stay_user&)> stay_at(boost::asio::io_context& io,
                                                             const target& server,
                                                             control::settings how)
{
    return [&io, &server, how = std::move(how)](stay_user& user) {
        return std::make_unique<stay>(io, server, stay::settings{.server = how}, user);
    };
}

void stay::keep(connection& here, const hold::settings& with)
{
    session_.keep(here, with);
    if (with.refreshes(here.on().kind))
        kept(here.number());
}

}  // namespace deadair::prober
