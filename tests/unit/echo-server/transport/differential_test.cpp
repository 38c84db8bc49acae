// Random exchanges, once over OpenSSL at both ends and once with one of them or both hibernating:
// nobody may be able to tell which was which.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <cstdlib>
#include <random>

#include "tests/unit/echo-server/records/far_end.hpp"
#include "tests/unit/echo-server/transport/tls_pair.hpp"

namespace deadair::net {
namespace {

using end = tls_pair::end;

/// What one end lived through.
struct heard {
    wire::buffer data;
    std::string over;  ///< how it ended; empty: it did not
    bool operator==(const heard&) const = default;
};

struct outcome {
    std::array<heard, 2> of;
    std::array<std::size_t, 2> wire{};  ///< bytes from each end since the handshake
    std::size_t asked{};                ///< how often for new keys
    std::array<bool, 2> hibernated{};
};

/// One exchange, all of whose choices follow from the seed: two of one seed take the same steps.
class exchange {
public:
    exchange(tls_contexts& by, std::uint32_t seed, std::array<bool, 2> hibernates)
        : chance_{seed}, hibernates_{hibernates}, updates_{seed % 3}, between_{open(by, seed)}
    {
        for (const auto who : both)
            begun_[who] = between_.from(who).carried();
    }

    outcome run()
    {
        const auto steps = below(30);
        for (std::size_t i = 0; i < steps; ++i) {
            step();
            for (const auto who : both)
                if (hibernates_[who])
                    between_.at(who).hibernate();
        }
        settle();
        outcome seen{.of = heard_, .wire = {}, .asked = asked_, .hibernated = {}};
        for (const auto who : both) {
            seen.wire[who] = between_.from(who).carried() - begun_[who];
            seen.hibernated[who] = between_.at(who).ssl() == nullptr;
        }
        return seen;
    }

private:
    static constexpr std::array both{end::server, end::client};
    static constexpr std::array plain_alert{std::byte{21}, std::byte{3}, std::byte{3}, std::byte{0},
                                            std::byte{2},  std::byte{1}, std::byte{0}};

    static ssl_ptr client_of(tls_contexts& by, std::uint32_t seed)
    {
        static constexpr std::array suites{"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                           "TLS_CHACHA20_POLY1305_SHA256"};
        auto ssl = by.client_ssl();
        SSL_set_ciphersuites(ssl.get(), suites.at(seed / 3 % suites.size()));
        return ssl;
    }
    // Half of the servers send tickets, as those of another make do.
    static ssl_ptr server_of(tls_contexts& by, std::uint32_t seed)
    {
        auto ssl = make_server_ssl(by.server());
        if (seed / 9 % 2 == 1) {
            SSL_clear_options(ssl.get(), SSL_OP_NO_TICKET);
            SSL_set_num_tickets(ssl.get(), 2);
        }
        return ssl;
    }
    static tls_pair open(tls_contexts& by, std::uint32_t seed)
    {
        return {server_of(by, seed), client_of(by, seed)};
    }

    std::size_t below(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>{0, limit - 1}(chance_);
    }

    void step()
    {
        const auto who = both.at(below(2));
        switch (below(14)) {
            case 0:
            case 1:
            case 2:
            case 3:
                return say(who, 1 + below(below(4) == 0 ? 40000 : 200));
            case 4:
                return ask_for_keys(who);
            case 5:
                return spoil(who);
            case 6:
                return below(4) == 0 ? close(who) : listen(who);
            case 7:
            case 8:
            case 9:
                between_.from(who).carry(1 + below(below(2) == 0 ? 8 : 20000));
                return;
            default:
                return listen(who);
        }
    }

    void say(end who, std::size_t size)
    {
        auto& waiting = waiting_[who];
        for (std::size_t i = 0; i < size; ++i)
            waiting.push_back(static_cast<std::byte>(said_++));
        flush(who);
    }

    void flush(end who)
    {
        auto& waiting = waiting_[who];
        while (!waiting.empty() && heard_[who].over.empty() && !closed_[who]) {
            const auto taken = between_.at(who).write_some(waiting);
            if (taken.what != progress::done)
                return note(who, taken);
            waiting.erase(waiting.begin(),
                          waiting.begin() + static_cast<std::ptrdiff_t>(taken.transferred));
        }
    }

    // Only the end that stays with OpenSSL asks; that it can is what is tried.
    void ask_for_keys(end who)
    {
        const bool stays = updates_ == who && updates_ < both.size();
        if (!stays || !heard_[who].over.empty() || closed_[who])
            return;
        SSL_key_update(between_.at(who).ssl(),
                       below(2) == 0 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
        ERR_clear_error();
        ++asked_;
    }

    void spoil(end who)
    {
        auto& held = between_.from(who).held();
        // Once keys were asked for, what stands here may differ by an answer.
        if (asked_ > 0 || below(4) != 0 || held.empty())
            return;
        const auto record = held.begin() + records::whole_record(held);
        switch (below(4)) {
            case 0:
                held[below(held.size())] ^= static_cast<std::byte>(1 + below(255));
                return;
            case 1:
                held.erase(held.begin(), record);
                return;
            case 2:
                held.insert(held.end(), plain_alert.begin(), plain_alert.end());
                return;
            default:
                const wire::buffer again{held.begin(), record};
                held.insert(record, again.begin(), again.end());
        }
    }

    void close(end who)
    {
        if (heard_[who].over.empty() && !closed_[who])
            between_.at(who).shut_down();
        closed_[who] = true;
    }

    void listen(end who)
    {
        static std::array<std::byte, records::plain_max> room;
        // More than any record that could be there, each of which may be a turn of its own.
        for (int turn = 0; turn < 64 && heard_[who].over.empty() && !closed_[who]; ++turn) {
            const auto taken = between_.at(who).read_some(room);
            if (taken.what == progress::done)
                heard_[who].data.insert(
                    heard_[who].data.end(), room.begin(),
                    room.begin() + static_cast<std::ptrdiff_t>(taken.transferred));
            else
                note(who, taken);
        }
    }

    void note(end who, const net::step& taken)
    {
        if (taken.what == progress::ended)
            heard_[who].over = std::to_string(static_cast<int>(taken.cause)) + taken.detail;
        // OpenSSL's other name for it, as long as it would fit into its buffer.
        if (taken.detail == "encrypted length too long")
            heard_[who].over = "5packet length too long";
    }

    // Until nothing moves any more.
    void settle()
    {
        std::size_t before = SIZE_MAX;
        while (std::exchange(before, moved()) != moved()) {
            for (const auto who : both)
                flush(who);
            between_.carry_all();
            for (const auto who : both)
                listen(who);
        }
    }
    std::size_t moved()
    {
        std::size_t sum = 0;
        for (const auto who : both)
            sum += between_.at(who).sent() + between_.from(who).carried() +
                   between_.at(who).received();
        return sum;
    }

    std::mt19937 chance_;
    std::array<bool, 2> hibernates_;
    std::size_t updates_;  // which end asks for new keys; 2: none
    tls_pair between_;
    std::array<std::size_t, 2> begun_{};
    std::array<heard, 2> heard_;
    std::array<wire::buffer, 2> waiting_;
    std::array<bool, 2> closed_{};
    std::size_t asked_{};
    std::uint8_t said_{};
};

std::uint32_t exchanges()
{
    return std::getenv("DEADAIR_FULL") != nullptr ? 100'000 : 400;
}

// Who asks for new keys by SSL_key_update has OpenSSL.
std::array<bool, 2> hibernating(std::uint32_t seed)
{
    switch (seed % 3) {
        case 0:
            return {false, true};
        case 1:
            return {true, false};
        default:
            return {true, true};
    }
}

// OpenSSL 3.0 ends a connection by itself that is asked for new keys while a record of its own
// waits to be sent in part. Hibernating, that just goes on.
bool gave_up(const outcome& with_openssl)
{
    return std::ranges::any_of(with_openssl.of,
                               [](const heard& each) { return each.over.ends_with("bad length"); });
}

// A request for new keys is answered before the next record. OpenSSL puts that off while it is in
// the midst of a write of several, and cuts what waits behind the answer into records anew.
bool as_much_said(const outcome& seen, const outcome& with_openssl, end who)
{
    return with_openssl.asked > 0 || seen.wire[who] == with_openssl.wire[who];
}

TEST(hibernation, cannot_be_told_from_OpenSSL)
{
    tls_contexts by;
    std::size_t ended = 0;
    std::size_t hibernated = 0;
    std::size_t given_up = 0;
    for (std::uint32_t seed = 0; seed < exchanges(); ++seed) {
        const auto plain = exchange{by, seed, {false, false}}.run();
        if (gave_up(plain)) {
            ++given_up;
            continue;
        }
        const auto seen = exchange{by, seed, hibernating(seed)}.run();
        for (const auto who : {end::server, end::client}) {
            ASSERT_EQ(seen.of[who].over, plain.of[who].over) << "seed " << seed << " end " << who;
            ASSERT_TRUE(seen.of[who].data == plain.of[who].data)
                << "seed " << seed << " end " << who << ": " << seen.of[who].data.size()
                << " bytes, with OpenSSL " << plain.of[who].data.size();
            ASSERT_TRUE(as_much_said(seen, plain, who)) << "seed " << seed << " end " << who;
            ended += plain.of[who].over.empty() ? 0 : 1;
            hibernated += seen.hibernated[who] ? 1 : 0;
        }
    }
    // Enough of each kind, or the exchanges prove nothing.
    EXPECT_GT(ended, exchanges() / 8);
    EXPECT_GT(hibernated, exchanges() / 2);
    EXPECT_LT(given_up, exchanges() / 20);
}

}  // namespace
}  // namespace deadair::net
