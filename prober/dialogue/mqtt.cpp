#include "prober/dialogue/mqtt.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

namespace deadair::dialogue {

namespace {

// Section 2.2.1: the type in the upper half of the first byte.
enum class packet : std::uint8_t { connack = 0x20, publish = 0x30, suback = 0x90, pingresp = 0xd0 };
constexpr std::byte connect{0x10};
constexpr std::byte publish{0x30};    // QoS 0
constexpr std::byte subscribe{0x82};  // section 3.8.1: the lower half is always 2
constexpr std::byte pingreq{0xc0};
// Of what the broker says by itself.
constexpr std::size_t packet_max = std::size_t{1} << 20;

void text(wire::writer& to, std::string_view value)
{
    to.number(static_cast<std::uint16_t>(value.size()))
        .raw(std::as_bytes(std::span{value.data(), value.size()}));
}

// Section 2.2.3: seven bits a byte, the lowest first, at most four bytes.
void remaining_length(wire::writer& to, std::size_t length)
{
    do {
        const auto more = length > 127 ? 0x80U : 0U;
        to.number(static_cast<std::uint8_t>((length & 0x7f) | more));
        length >>= 7;
    } while (length > 0);
}

wire::buffer packet_of(std::byte kind, const wire::buffer& body)
{
    wire::buffer all{kind};
    wire::writer whole{all};
    remaining_length(whole, body.size());
    whole.raw(body);
    return all;
}

struct header {
    std::size_t size{};    // its own
    std::size_t length{};  // of what follows
};
enum class lack : std::uint8_t { more, nonsense };

std::optional<header> read_header(wire::bytes input, lack& why)
{
    header found{.size = 1};
    why = lack::more;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        if (found.size >= input.size())
            return std::nullopt;
        const auto byte = std::to_integer<std::size_t>(input[found.size++]);
        found.length |= (byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return found;
    }
    why = lack::nonsense;
    return std::nullopt;
}

// Section 3.2.2.3.
std::string refusal_of(std::byte code)
{
    switch (std::to_integer<unsigned>(code)) {
        case 0:
            return {};
        case 3:
            return "the broker serves nobody now, so nothing more is asked of it; try again later";
        case 4:
        case 5:
            return "the broker wants another login; put USER:PASSWORD into a file and name it with "
                   "--login-file";
        default:
            return fmt::format("the broker does not take us (CONNACK {})",
                               std::to_integer<unsigned>(code));
    }
}

constexpr std::string_view no_mqtt = "what answers there does not speak MQTT 3.1.1";

}  // namespace

// Two connections of one name would end each other (section 3.1.4). Letters and digits alone are
// what every broker takes, at most 23 of them (section 3.1.3.1).
std::string mqtt::client_id() const
{
    std::string name{"deadair"};
    for (const char each : own_.key)
        if (name.size() < 23 && std::isalnum(static_cast<unsigned char>(each)) != 0)
            name += each;
    return name;
}

wire::buffer mqtt::greet()
{
    wire::buffer body;
    wire::writer to{body};
    text(to, "MQTT");
    const bool login = !said_.user.empty();
    constexpr std::uint8_t clean = 0x02;
    constexpr std::uint8_t user_and_password = 0xc0;
    to.number(std::uint8_t{4})
        .number(static_cast<std::uint8_t>(clean | (login ? user_and_password : 0)))
        .number(std::uint16_t{0});
    text(to, client_id());
    if (login) {
        text(to, said_.user);
        text(to, said_.password);
    }
    return packet_of(connect, body);
}

// Section 3.8: the packet's number, one topic, QoS 0.
wire::buffer mqtt::subscription() const
{
    wire::buffer body;
    wire::writer to{body};
    to.number(std::uint16_t{1});
    text(to, channel_of(own_, own_.is == role::lets_speak ? "+" : fmt::to_string(own_.number)));
    to.number(std::uint8_t{0});
    return packet_of(subscribe, body);
}

wire::buffer mqtt::let_speak(std::uint32_t on, std::uint32_t number)
{
    wire::buffer body;
    wire::writer to{body};
    text(to, channel_of(own_, fmt::to_string(on)));
    const auto payload = fmt::to_string(number);
    to.raw(std::as_bytes(std::span{payload}));
    return packet_of(publish, body);
}

wire::buffer mqtt::ask()
{
    asked_ = true;
    return {pingreq, std::byte{0}};
}

heard mqtt::take(wire::bytes input)
{
    auto why = lack::more;
    const auto head = read_header(input, why);
    if (!head && why == lack::more)
        return {};
    if (!head || head->length > packet_max)
        return {.is = meaning::refused, .why = std::string{no_mqtt}};
    if (input.size() - head->size < head->length)
        return {};
    heard said{.is = meaning::unasked, .consumed = head->size + head->length};
    const auto body = input.subspan(head->size, head->length);
    const auto kind = packet{std::to_integer<std::uint8_t>(input.front() & std::byte{0xf0})};
    if (kind == packet::connack && body.size() == 2 && !ready_)
        return admitted(body[1], std::move(said));
    if (kind == packet::suback && body.size() == 3 && !ready_)
        return subscribed(body, std::move(said));
    if (kind == packet::publish && ready_)
        return published(body, std::move(said));
    if (kind == packet::pingresp && std::exchange(asked_, false)) {
        said.is = meaning::answered;
    } else if (!ready_) {
        said.is = meaning::refused;
        said.why = no_mqtt;
    }
    return said;
}

heard mqtt::admitted(std::byte code, heard said)
{
    said.why = refusal_of(code);
    if (!said.why.empty())
        said.is = meaning::refused;
    else if (own_.is != role::none)
        said.reply = subscription();
    else
        said.is = meaning::ready;
    ready_ = said.is == meaning::ready;
    return said;
}

// Section 3.9.3: 0x80 and above are refusals.
heard mqtt::subscribed(wire::bytes body, heard said)
{
    ready_ = body.back() < std::byte{0x80};
    said.is = ready_ ? meaning::ready : meaning::refused;
    if (!ready_)
        said.why =
            "the broker does not let us subscribe to deadair/#; allow it that, name another login "
            "with --login-file, or measure --direction to_server alone";
    return said;
}

// Section 3.3: the topic, which says on which connection, and what is said.
heard mqtt::published(wire::bytes body, heard said) const
{
    wire::reader from{body};
    const auto topic = from.number<std::uint16_t>();
    const auto payload_at = sizeof topic + topic;
    if (body.size() < payload_at || own_.is == role::none)
        return said;
    const auto payload = body.subspan(payload_at);
    const std::string_view digits{reinterpret_cast<const char*>(payload.data()), payload.size()};
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), said.number);
    if (read.ec == std::errc{})
        said.is = own_.is == role::spoken_to ? meaning::spoken : meaning::told;
    return said;
}

}  // namespace deadair::dialogue
