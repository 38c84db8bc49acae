#include <fmt/format.h>

#include <array>
#include <csignal>
#include <optional>

#include "analysis/words/url.hpp"
#include "analysis/words/usage_error.hpp"
#include "prober/command/common_options.hpp"
#include "prober/command/option_values.hpp"
#include "prober/evidence/archive.hpp"
#include "prober/evidence/host_parts.hpp"
#include "prober/evidence/path_parts.hpp"
#include "prober/evidence/peer.hpp"
#include "prober/evidence/readme.hpp"
#include "prober/evidence/redact.hpp"
#include "prober/record/evidence_watch.hpp"

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;
using evidence::part;

// A handler may touch nothing else (signal-safety(7)).
volatile std::sig_atomic_t interrupted = 0;

void options_of_evidence(po::options_description& add)
{
    add_record_options(add);
    auto to = add.add_options();
    to("also", po::value<std::vector<std::string>>()->value_name("URL"),
       "time connections to this http or https URL as well; may be given again");
    to("evidence-for", po::value<std::string>()->value_name("TIME")->default_value("10m"),
       "how long to watch the round trip, 0s to 1d");
    to("archive", po::value<std::string>()->value_name("FILE"),
       "write one .tar.gz as well, with a README");
    to("redact", "mask addresses and host names, each always by the same word");
    add_server_options(add);
}

struct wanted {
    server_options server;
    record_options record;
    std::vector<evidence::url> also;
    nanoseconds watch{};
    std::optional<std::string> archive;
    bool redact{};
};

wanted read_wanted(const po::variables_map& given)
{
    wanted read;
    read.server = read_server_options(given);
    read.record = read_record_options(given);
    read.watch = duration(given, "evidence-for");
    if (read.watch > 24h)
        throw usage_error("--evidence-for is more than 1d; watch for a day at most");
    if (given.count("also") != 0)
        for (const auto& each : given["also"].as<std::vector<std::string>>()) {
            const auto found = evidence::read_url(each);
            if (!found)
                throw usage_error(fmt::format(
                    "--also '{}' is not an http or https URL without user and password; write for "
                    "example https://api.example/health",
                    without_secrets(each)));
            read.also.push_back(*found);
        }
    if (given.count("archive") != 0)
        read.archive = given["archive"].as<std::string>();
    read.redact = given.count("redact") != 0;
    return read;
}

/// Keeps each part at once, masked if that is wanted.
class collection {
public:
    collection(record& into, const wanted& how, store::run described) : redact_{how.redact}
    {
        mask_.hide(described.client_host, "this-host");
        mask_.hide(how.server.host, "server");
        for (const auto& each : how.also)
            mask_.hide(each.host, "also");
        described.command = "evidence";
        described.started_at = utc_now();
        told_ =
            how.record.show == progress_mode::automatic || how.record.show == progress_mode::plain;
        for (auto* text : {&described.client_host, &described.server_endpoint,
                           &described.options_asked, &described.options_used})
            *text = masked(*text);
        ledger_.emplace(into, described);
        into.finish();
        about_ = fmt::format("From {} to {}, {}, run {} of deadair-prober {}.\n",
                             described.client_host, described.server_endpoint, described.started_at,
                             *ledger_->run(), described.program_version);
    }

    /// What is done next, for who waits.
    void tell(const std::string& what) const
    {
        if (told_)
            fmt::print(stderr, "{}: {}\n", format_duration(clock_.now()), what);
    }

    void add(part found)
    {
        found.text = masked(found.text);
        for (auto& note : found.notes)
            note = masked(note);
        ledger_->keep(row_of(found, store::evidence_moment::asked, clock_.now()));
        parts_.push_back(std::move(found));
    }

    ledger& run() { return *ledger_; }
    const std::string& about() const { return about_; }
    std::vector<part>& parts() { return parts_; }

private:
    std::string masked(const std::string& text) { return redact_ ? mask_(text) : text; }

    bool redact_;
    evidence::redactor mask_;
    run_clock clock_;
    std::optional<ledger> ledger_;
    std::string about_;
    bool told_{};
    std::vector<part> parts_;
};

bool go_on()
{
    return interrupted == 0;
}

void collect(collection& into, const wanted& how)
{
    // What our server answers to a stranger.
    evidence::url server{
        .host = how.server.host, .port = how.server.ports.front(), .websocket = true};
    if (how.server.families.size() == 1)
        server.family = how.server.families.front();
    into.tell("reading what this host knows");
    for (auto& each : evidence::host_parts())
        into.add(std::move(each));
    // Without an answer from DNS each lookup takes its time: one is enough.
    const auto found = evidence::resolve(server.host, server.port, server.family);
    if (!found.first)
        into.add({"timing-server", false,
                  fmt::format("{} has no address ({}), so nothing was sent to it\n", server.host,
                              found.problem)});
    const auto reachable = [&] { return found.first && go_on(); };
    if (reachable()) {
        into.tell(fmt::format("timing connections to {}", server.host));
        into.add(evidence::timings("timing-server", server, {}, go_on));
    }
    for (std::size_t number = 0; number < how.also.size() && go_on(); ++number)
        into.add(evidence::timings(fmt::format("timing-also-{}", number + 1), how.also[number], {},
                                   go_on));
    if (reachable()) {
        into.tell("asking for the packet size of the path, and who is on it");
        into.add(evidence::path_mtu(server));
    }
    if (reachable())
        into.add(evidence::hops(server, go_on));
    if (reachable()) {
        into.tell(
            fmt::format("watching the round trip for {}; Ctrl-C ends it, and keeps what there "
                        "is",
                        format_duration(how.watch)));
        into.add(evidence::round_trips(server, how.watch, go_on));
    }
    into.add(evidence::readme(into.parts(), into.about()));
}

void say(const std::string& text)
{
    fmt::print(stderr, "deadair-prober: {}\n", text);
}

exit_code gather(const arguments& from)
{
    const auto how = read_wanted(from.given);
    const auto file = store::database::open(how.record.database).file();
    boost::asio::io_context io{1};
    record into{io, file, {.failing = say, .works_again = {}}, {}};
    collection found{into, how, describe_run(how.server, how.record, from.asked, "{}")};
    std::signal(SIGINT, [](int) { interrupted = 1; });
    std::signal(SIGTERM, [](int) { interrupted = 1; });
    collect(found, how);
    // From now on there is nothing that a second Ctrl-C could end in order.
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    found.run().end(go_on() ? store::run_state::finished : store::run_state::interrupted);
    into.finish();
    fmt::print("{}\nevidence: {}, run {}\n", found.parts().back().text,
               how.record.database.string(), *found.run().run());
    if (how.archive) {
        evidence::write_archive(*how.archive, found.parts());
        fmt::print("archive: {}\n", *how.archive);
    }
    return go_on() ? exit_code::done : exit_code::interrupted;
}

}  // namespace

const command evidence_command{
    "evidence", "gathers what this host and the path look like, for those who run them",
    options_of_evidence, gather};

}  // namespace deadair::prober
