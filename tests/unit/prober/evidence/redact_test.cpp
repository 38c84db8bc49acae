#include "prober/evidence/redact.hpp"

#include <gtest/gtest.h>

namespace deadair::prober::evidence {
namespace {

TEST(redact, the_same_address_has_the_same_mask_everywhere)
{
    redactor mask;
    EXPECT_EQ(mask("192.0.2.2:40000 -> 198.51.100.2:443"), "address-1:40000 -> address-2:443");
    EXPECT_EQ(mask("default via 198.51.100.2 on eth0"), "default via address-2 on eth0");
}

TEST(redact, ipv6_and_link_addresses_are_masked)
{
    redactor mask;
    EXPECT_EQ(mask("[2001:db8::7]:443 2001:db8::7/64"), "[address-1]:443 address-1/64");
    EXPECT_EQ(mask("fe80::1 on eth0 f2:f7:07:b3:30:ed"), "address-2 on eth0 link-3");
}

TEST(redact, an_address_at_the_end_of_a_sentence_is_found)
{
    redactor mask;
    EXPECT_EQ(mask("sent to 192.0.2.2."), "sent to address-1.");
    EXPECT_EQ(mask("192.0.2.2: refused"), "address-1: refused");
}

TEST(redact, what_only_looks_like_an_address_stays)
{
    redactor mask;
    for (const auto* text : {"6.18.44", "12:30:01", "0.123 ms", "127.0.0.1 ::1 0.0.0.0", "",
                             "::", "version 1.2.3.4.5", "dead beef"})
        EXPECT_EQ(mask(text), text);
}

TEST(redact, names_are_masked_wherever_they_stand)
{
    redactor mask;
    mask.hide("echo.example", "server");
    EXPECT_EQ(mask("https://echo.example:7443"), "https://server:7443");
}

}  // namespace
}  // namespace deadair::prober::evidence
