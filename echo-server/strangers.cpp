#include "echo-server/strangers.hpp"

namespace deadair::echo_server {

strangers::source strangers::source_of(const boost::asio::ip::address& from)
{
    if (from.is_v4())
        return {false, from.to_v4().to_uint()};
    const auto address = from.to_v6();
    if (address.is_v4_mapped())
        return {false,
                boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address).to_uint()};
    std::uint64_t prefix = 0;
    const auto octets = address.to_bytes();
    for (std::size_t i = 0; i < 8; ++i)
        prefix = (prefix << 8) | octets[i];
    return {true, prefix};
}

bool strangers::full(const boost::asio::ip::address& from) const
{
    const auto found = from_.find(source_of(from));
    return found != from_.end() && found->second >= most_from_one_;
}

void strangers::add(serial number, const boost::asio::ip::address& from, time deadline)
{
    const auto where = source_of(from);
    waiting_.emplace(number, entry{.from = where, .deadline = deadline});
    ++from_[where];
}

void strangers::remove(serial number)
{
    const auto found = waiting_.find(number);
    if (found == waiting_.end())
        return;
    const auto there = from_.find(found->second.from);
    if (--there->second == 0)
        from_.erase(there);
    waiting_.erase(found);
}

std::optional<strangers::oldest_one> strangers::oldest() const
{
    if (waiting_.empty())
        return std::nullopt;
    const auto& [number, first] = *waiting_.begin();
    return oldest_one{.number = number, .deadline = first.deadline};
}

}  // namespace deadair::echo_server
