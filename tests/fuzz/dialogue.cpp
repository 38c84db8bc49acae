// What servers of another make say: every language, in pieces, with questions in between.
#include "prober/dialogue/dialogue.hpp"

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace deadair;
    if (size == 0)
        return 0;
    constexpr unsigned languages = static_cast<unsigned>(dialogue::language::tcp) + 1;
    const auto in = static_cast<dialogue::language>((data[0] & 0x0f) % languages);
    const bool questions = (data[0] & 0x80) != 0;
    const bool with_body = (data[0] & 0x10) != 0;
    const dialogue::words said{
        .host = "a.example",
        .target = "/",
        .agent = "deadair",
        .user = "user",
        .password = "password",
        .body = with_body ? std::optional<std::string>{"body"} : std::nullopt};
    constexpr unsigned roles = static_cast<unsigned>(dialogue::role::lets_speak) + 1;
    const auto is = static_cast<dialogue::role>((data[0] >> 4 & 7) % roles);
    const auto talk = dialogue::begin(
        in, said,
        {.key = "dGhlIHNhbXBsZSBub25jZQ==", .mask = {}, .is = is, .number = 1, .stay = "stay"});
    (void)talk->greet();
    for (auto rest = fuzz::bytes_of(data + 1, size - 1); !rest.empty();) {
        const auto heard = talk->take(rest);
        fuzz::must(heard.consumed <= rest.size());
        const bool over = heard.is == dialogue::meaning::refused ||
                          heard.is == dialogue::meaning::leaving ||
                          heard.is == dialogue::meaning::more;
        if (over)
            break;
        fuzz::must(heard.consumed > 0);
        rest = rest.subspan(heard.consumed);
        if (questions)
            (void)(is == dialogue::role::lets_speak ? talk->let_speak(2, 3) : talk->ask());
    }
    return 0;
}
