#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/sockets/onlooker.hpp"
#include "prober/record/ledger.hpp"

namespace deadair::prober::observe {

/// Whose silences share a run: those with one server. Where this host is the server, those of one
/// client.
struct place {
    std::string server;  ///< "198.51.100.7:443"
    std::string client;  ///< this host's name, or that client's address

    friend auto operator<=>(const place&, const place&) = default;
};

/// What a connection's rows call its ends.
struct names {
    std::string process;  ///< that holds it, for people
    std::string server_address;
    std::string client_address;
};

/// What is written down of this host's connections: a run for each place, which begins with the
/// first silence there.
class book {
public:
    /// @param like  each run is described as this, but for its place
    book(record& into, store::run like) : into_{into}, like_{std::move(like)} {}

    void keep(const sockets::told& seen, const place& where, const names& of);
    void gone(std::uint64_t cookie, nanoseconds at);
    /// This host slept.
    void slept(nanoseconds at, nanoseconds how_long);
    void end(store::run_state how, const std::string& note);
    /// Calls `then` when all of it is on disk.
    void when_kept(std::function<void()> then) { into_.when_kept(std::move(then)); }

    /// Once they are on disk.
    std::vector<store::run_id> runs() const;
    /// Places for which there was no room.
    std::size_t left_out() const { return left_out_; }

private:
    struct run {
        run(record& into, store::run described) : rows{into, std::move(described)} {}
        ledger rows;
        std::uint32_t connections{};
        std::uint32_t probes{};
    };
    struct written {
        run* in{};
        store::connection_end end;
    };

    run* run_of(const place& where);
    written* connection_of(const sockets::told& seen, const place& where, const names& of);

    record& into_;
    store::run like_;
    std::map<place, std::unique_ptr<run>> runs_;
    std::unordered_map<std::uint64_t, written> connections_;  // that are open, by their cookies
    std::size_t left_out_{};
};

/// What went wrong, if it did: a silence that was not survived, or words that found no answer.
std::optional<store::incident> incident_of(const sockets::told& seen, const std::string& process,
                                           const std::string& server);

}  // namespace deadair::prober::observe
