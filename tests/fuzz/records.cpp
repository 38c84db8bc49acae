// TLS records behind a handshake that has been: what an end keeps of them is a parser of whatever
// the peer seals, or pretends to have sealed.
#include <algorithm>

#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/echo-server/records/far_end.hpp"

namespace {

using namespace deadair;

class input {
public:
    explicit input(wire::bytes all) : left_{all} {}

    bool empty() const { return left_.empty(); }
    std::size_t number()
    {
        const auto one = bytes(1);
        return one.empty() ? 0 : std::to_integer<std::size_t>(one.front());
    }
    wire::bytes bytes(std::size_t count)
    {
        const auto taken = left_.first(std::min(count, left_.size()));
        left_ = left_.subspan(taken.size());
        return taken;
    }

private:
    wire::bytes left_;
};

records::traffic traffic_of(records::suite by, int fill)
{
    return {by, wire::buffer(records::secret_size(by), static_cast<std::byte>(fill)), 0};
}

// One record: by its first byte sealed as its rest says, sealed and spoilt, or whatever came.
wire::buffer next_record(input& from, records::far_end& far)
{
    const auto how = from.number();
    const auto content = from.bytes(from.number() * (how >= 0x80 ? 0x40 : 1));
    if (how % 8 == 0)
        return {content.begin(), content.end()};
    auto record = far.seal(static_cast<std::uint8_t>(20 + how % 8), content, how / 16);
    if (how % 8 == 7)
        record[from.number() % record.size()] ^= std::byte{1};
    return record;
}

void must_be_sound(const records::heard& seen, std::size_t record)
{
    fuzz::must(seen.size <= records::plain_max);
    fuzz::must(seen.size + records::header_size + records::tag_size < record ||
               seen.what != records::heard::kind::data);
    fuzz::must((seen.reason != 0) == (seen.what == records::heard::kind::failed));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    input from{fuzz::bytes_of(data, size)};
    constexpr std::array suites{records::suite::aes_128_gcm_sha256,
                                records::suite::aes_256_gcm_sha384,
                                records::suite::chacha20_poly1305_sha256};
    const auto kind = from.number();
    const auto by = suites.at(kind % suites.size());
    const auto as = kind >= 0x80 ? wire::role::client : wire::role::server;
    records::far_end far{traffic_of(by, 1)};
    records::record_layer near{as, traffic_of(by, 1), traffic_of(by, 2)};
    while (!from.empty()) {
        auto record = next_record(from, far);
        if (record.size() < records::header_size)
            break;
        const auto announced =
            records::record_layer::read({record[0], record[1], record[2], record[3], record[4]});
        if (announced.what == records::heard::kind::failed ||
            announced.size != record.size() - records::header_size)
            break;
        const auto seen = records::give(near, record);
        must_be_sound(seen, record.size());
        if (seen.what == records::heard::kind::closed || seen.what == records::heard::kind::failed)
            break;
        // As the peer would: on to the next key behind a KeyUpdate of its own.
        const auto plain = std::span{record}.subspan(records::header_size);
        if (seen.what == records::heard::kind::nothing && plain.front() == std::byte{24})
            far.update();
    }
    fuzz::must(near.seal(wire::buffer(1)).size() >= records::header_size + 2);
    return 0;
}
