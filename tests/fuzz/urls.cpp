// What a person, or whoever sent them a command line, names a server, a proxy or a service by.
#include "analysis/words/shell.hpp"
#include "analysis/words/url.hpp"
#include "echo-server/transport/proxy.hpp"
#include "prober/evidence/url.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace deadair;

void must_hide(const std::string& shown, const std::string& secret)
{
    // A letter or two stand anywhere.
    constexpr std::size_t telling = 8;
    fuzz::must(secret.size() < telling || shown.find(secret) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = fuzz::text_of(data, size);
    const auto safe = without_secrets(text);
    fuzz::must(without_secrets(safe) == safe);
    (void)shell_word(safe);
    (void)prober::evidence::read_url(text);
    if (const auto read = parse_url(text)) {
        fuzz::must(!read->host.empty() && read->port != std::uint16_t{0});
        fuzz::must(read->target.starts_with('/'));
        if (read->host.find(read->password) == std::string::npos)
            must_hide(safe, read->password);
        // What may be shown leads to the same place.
        const auto again = parse_url(shown(*read));
        fuzz::must(again && again->host == read->host && again->port == read->port &&
                   again->scheme == read->scheme);
    }
    if (const auto proxy = net::parse_proxy(text)) {
        fuzz::must(!proxy->host.empty() && proxy->port != 0);
        fuzz::must(proxy->user.empty() == proxy->password.empty());
        net::proxy_dialogue{*proxy, "echo.example", 443}.begin();
    }
    return 0;
}
