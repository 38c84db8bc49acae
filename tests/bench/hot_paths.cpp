// What happens for each probe and each connection, one step at a time.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "analysis/store/store.hpp"
#include "echo-server/records/record_layer.hpp"
#include "echo-server/session.hpp"
#include "echo-server/wire/frame.hpp"
#include "echo-server/wire/proof.hpp"
#include "echo-server/wire/websocket.hpp"

namespace deadair {
namespace {

void calibration(benchmark::State& state)
{
    // A fixed piece of work, to compare machines by.
    std::uint64_t value = 88172645463325252U;
    for (auto _ : state) {
        for (int i = 0; i < 100; ++i) {
            value ^= value << 13;
            value ^= value >> 7;
            value ^= value << 17;
        }
        benchmark::DoNotOptimize(value);
    }
}
BENCHMARK(calibration);

void frame_encode(benchmark::State& state)
{
    const wire::spoke said{.probe = 1, .connection = 2, .cause = {}, .at = {}, .before = {}};
    for (auto _ : state)
        benchmark::DoNotOptimize(wire::encode(said));
}
BENCHMARK(frame_encode);

void frame_decode(benchmark::State& state)
{
    const auto frame =
        wire::encode(wire::spoke{.probe = 1, .connection = 2, .cause = {}, .at = {}, .before = {}});
    for (auto _ : state) {
        const auto seen = wire::decode_frame(frame, wire::body_max);
        benchmark::DoNotOptimize(wire::decode<wire::spoke>(seen.value.body));
    }
}
BENCHMARK(frame_decode);

void websocket_encode(benchmark::State& state)
{
    const auto frame = wire::encode(wire::probe{1});
    const wire::mask key{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    for (auto _ : state)
        benchmark::DoNotOptimize(wire::encode_websocket(wire::opcode::binary, frame, key));
}
BENCHMARK(websocket_encode);

void websocket_decode(benchmark::State& state)
{
    const auto frame =
        wire::encode_websocket(wire::opcode::binary, wire::encode(wire::probe{1}), wire::mask{});
    for (auto _ : state)
        benchmark::DoNotOptimize(wire::decode_websocket(frame, wire::role::server, wire::body_max));
}
BENCHMARK(websocket_decode);

// A probe on a connection that hibernates, at both ends: keys derived, used and wiped.
void probe_sealed_and_opened(benchmark::State& state)
{
    constexpr auto by = records::suite::aes_128_gcm_sha256;
    const wire::buffer secret(records::secret_size(by), std::byte{7});
    records::record_layer from{wire::role::client, {by, secret, 0}, {by, secret, 0}};
    records::record_layer to{wire::role::server, {by, secret, 0}, {by, secret, 0}};
    const auto frame = wire::encode(wire::probe{1});
    for (auto _ : state) {
        auto record = from.seal(frame);
        records::header head{};
        std::copy_n(record.begin(), head.size(), head.begin());
        benchmark::DoNotOptimize(to.open(head, std::span{record}.subspan(head.size())));
    }
}
BENCHMARK(probe_sealed_and_opened);

void token_proof(benchmark::State& state)
{
    const wire::buffer secret(wire::token_size);
    const wire::exchange said{};
    for (auto _ : state)
        benchmark::DoNotOptimize(wire::prove_client(secret, said));
}
BENCHMARK(token_proof);

// A connection joins a session that has 4,000, and leaves again: decoded, admitted, answered.
void session_join(benchmark::State& state)
{
    const echo_server::rate_limits rates{.messages_per_second = 1e12, .bytes_per_second = 1e12};
    const auto team = std::make_shared<echo_server::team>();
    team->left = echo_server::allowance{rates, {}};
    team->sessions = 1;
    echo_server::session of{{}, {}, team, rates, {}};
    auto* const nobody = reinterpret_cast<echo_server::peer*>(&of);  // never called
    for (std::uint32_t i = 0; i < 4000; ++i)
        of.add(i, *nobody);
    const auto asked = wire::encode(wire::join{.admission = {}, .connection = 5000});
    for (auto _ : state) {
        const auto seen = wire::decode_frame(asked, wire::unauthenticated_body_max);
        const auto said = wire::decode<wire::join>(seen.value.body);
        benchmark::DoNotOptimize(of.pay(1, 36, {}));
        of.add(said->connection, *nobody);
        benchmark::DoNotOptimize(wire::encode(wire::joined{said->connection}));
        of.remove(said->connection);
    }
}
BENCHMARK(session_join);

void store_insert(benchmark::State& state)
{
    const auto file = std::filesystem::temp_directory_path() / "deadair-bench-insert.db";
    std::filesystem::remove(file);
    {
        auto into = store::database::open(file);
        store::probe settled;
        settled.run = into.begin_run({});
        settled.connection_id = 1;
        settled.verdict = nanoseconds{1};
        settled.result = outcome::delivered;
        store::connection opened;
        opened.run = settled.run;
        opened.connection_id = 1;
        into.add(opened);
        for (auto _ : state) {
            ++settled.probe_id;
            into.add(settled);
        }
    }
    std::filesystem::remove(file);
}
BENCHMARK(store_insert);

}  // namespace
}  // namespace deadair
