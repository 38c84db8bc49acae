// What is said on a line, and what comes of what the server says.
#include "echo-server/transport/random.hpp"
#include "echo-server/transport/socket.hpp"
#include "echo-server/transport/upgrade.hpp"
#include "prober/guest/line.hpp"

namespace deadair::prober {

namespace {

// Of keepalives that ask: from one to the next, and from one look for the answer to the next.
constexpr std::chrono::seconds keepalive_again{1};
constexpr std::chrono::milliseconds count_interval{10};

}  // namespace

void line::talk()
{
    stage_ = stage::talking;
    own_.key = net::fresh_upgrade_key();
    own_.mask = net::random_bytes<wire::mask>();
    talk_ = dialogue::begin(at_.speaks, at_.said, own_);
    const auto greeting = talk_->greet();
    if (greeting.empty())
        return owner_->on_ready(*this);
    write(greeting);
}

void line::ask()
{
    if (stage_ != stage::talking)
        return;
    const auto question = talk_->ask();
    if (question.empty())
        return ask_kernel();
    // From here on what goes to and fro is beneath TLS.
    if (at_.speaks == dialogue::language::tls)
        stream_ = net::byte_stream{socket_.native_handle()};
    write(question);
}

void line::ask_for_later(nanoseconds after)
{
    if (stage_ == stage::talking)
        write(talk_->ask_for_later(after));
}

void line::let_speak(std::uint32_t on, std::uint32_t number)
{
    if (stage_ == stage::talking)
        write(talk_->let_speak(on, number));
}

void line::ask_kernel()
{
    const auto before = facts().segments_in;
    net::ask_now(socket_.native_handle(), keepalive_again);
    await_kernel(before);
}

// The kernel does not tell when a keepalive is answered: it counts.
void line::await_kernel(std::uint32_t segments_in)
{
    timer_.expires_after(count_interval);
    timer_.async_wait([self = shared_from_this(), segments_in](const auto& error) {
        if (error || self->stage_ == stage::ended)
            return;
        if (self->facts().segments_in == segments_in)
            return self->await_kernel(segments_in);
        net::end_keepalive(self->socket_.native_handle());
        self->owner_->on_answer(*self, false);
    });
}

void line::digest()
{
    while (stage_ != stage::ended && !input_.empty()) {
        const auto used = stage_ == stage::proxying ? digest_proxy() : digest_words();
        if (used == 0)
            return;
        input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
    }
}

std::size_t line::digest_proxy()
{
    const auto said = proxy_->take(input_);
    if (said.is == net::proxy_dialogue::verdict::refused) {
        finish(wire::end_cause::broken, said.why);
        return 0;
    }
    write(said.reply);
    if (said.is == net::proxy_dialogue::verdict::open) {
        proxy_.reset();
        if (at_.secured)
            secure();
        else
            talk();
    }
    return said.consumed;
}

std::size_t line::digest_words()
{
    if (stage_ != stage::talking)
        return 0;
    const auto said = talk_->take(input_);
    if (!said.reply.empty())
        write(said.reply);
    heed(said);
    return said.consumed;
}

void line::heed(const dialogue::heard& said)
{
    switch (said.is) {
        case dialogue::meaning::more:
            return;
        case dialogue::meaning::ready:
            return owner_->on_ready(*this);
        case dialogue::meaning::answered:
            return owner_->on_answer(*this, said.last);
        case dialogue::meaning::spoken:
            return owner_->on_spoken(*this, said.number);
        case dialogue::meaning::told:
        case dialogue::meaning::untold:
            return owner_->on_told(*this, said.number, said.is == dialogue::meaning::told);
        case dialogue::meaning::unasked:
            return owner_->on_unasked(*this);
        case dialogue::meaning::leaving:
            return finish(wire::end_cause::closed, said.why);
        case dialogue::meaning::refused:
            abort();
            return owner_->on_refused(*this, said.why);
    }
}

}  // namespace deadair::prober
