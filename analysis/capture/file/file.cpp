#include "analysis/capture/file/file.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <memory>
#include <optional>

#include "analysis/capture/file/unpacked.hpp"
#include "analysis/capture/link.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::capture {

namespace {

struct closes {
    void operator()(pcap_t* open) const { ::pcap_close(open); }
};

std::optional<link> link_of(int type)
{
    switch (type) {
        case DLT_EN10MB:
            return link::ethernet;
        case DLT_LINUX_SLL:
            return link::linux_cooked;
        case DLT_LINUX_SLL2:
            return link::linux_cooked_2;
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6:
            return link::raw_ip;
        case DLT_NULL:
        case DLT_LOOP:
            return link::loopback;
        default:
            return std::nullopt;
    }
}

link readable_link(pcap_t* open, const std::filesystem::path& file)
{
    const int type = ::pcap_datalink(open);
    if (const auto known = link_of(type))
        return *known;
    const auto* const name = ::pcap_datalink_val_to_name(type);
    throw usage_error(
        fmt::format("{} was captured on a link of type {} ({}), which is not read; capture on "
                    "Ethernet, on `any`, or a tunnel's device",
                    file.string(), type, name == nullptr ? "without a name" : name));
}

}  // namespace

contents read_file(const std::filesystem::path& file,
                   const std::function<void(const segment&)>& take)
{
    std::array<char, PCAP_ERRBUF_SIZE> problem{};
    // libpcap closes what it was given when it is closed itself, not when it refuses.
    auto* const bytes = open_unpacked(file);
    const std::unique_ptr<pcap_t, closes> open{::pcap_fopen_offline_with_tstamp_precision(
        bytes, PCAP_TSTAMP_PRECISION_NANO, problem.data())};
    if (!open) {
        std::fclose(bytes);
        throw usage_error(
            fmt::format("{} is no packet capture that can be read ({}); tcpdump -w "
                        "and Wireshark write such files",
                        file.string(), problem.data()));
    }
    const auto begins = readable_link(open.get(), file);
    contents found;
    pcap_pkthdr* header = nullptr;
    const u_char* data = nullptr;
    int more = 0;
    while ((more = ::pcap_next_ex(open.get(), &header, &data)) == 1) {
        ++found.packets;
        const auto at =
            std::chrono::seconds{header->ts.tv_sec} + std::chrono::nanoseconds{header->ts.tv_usec};
        if (const auto seen = read_segment(begins, {data, header->caplen}, at)) {
            ++found.segments;
            take(*seen);
        }
    }
    if (more == PCAP_ERROR)
        found.damage = ::pcap_geterr(open.get());
    return found;
}

}  // namespace deadair::capture
