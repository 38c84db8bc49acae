// A run of which nothing can come ends, with a sentence.
#include <gtest/gtest.h>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

class fruitless_test : public ::testing::Test {
protected:
    fruitless_test() { here.begin(); }

    void open_next()
    {
        here.open(++number);
        here.pass(1s);
        here.ask(number, number, direction::to_client);
    }
    // The server never says that it spoke.
    void void_verdicts(unsigned count)
    {
        for (; count > 0; --count) {
            open_next();
            here.pass(5s);
        }
    }
    void delivered_to_server()
    {
        here.open(++number);
        here.pass(1s);
        here.ask(number, number, direction::to_server);
        here.tell(received{.probe = number, .connection = number, .at = here.now, .error = 10ms});
    }
    void delivered_verdict()
    {
        open_next();
        here.tell(here.spoke_at(here.now, number, number));
        here.tell(heard{number, number});
    }
    std::vector<note::failed> failures() const { return here.told<note::failed>(); }

    scene here;
    connection_id number{};
};

TEST_F(fruitless_test, fifty_verdicts_in_a_row_that_tell_nothing_are_the_end)
{
    void_verdicts(fruitless::verdicts_max - 1);
    EXPECT_TRUE(failures().empty());
    void_verdicts(1);
    ASSERT_EQ(failures().size(), 1U);
    EXPECT_NE(failures().front().why.find("told nothing"), std::string::npos);
}

TEST_F(fruitless_test, one_that_tells_something_is_worth_going_on)
{
    for (int row = 0; row < 3; ++row) {
        void_verdicts(fruitless::verdicts_max - 1);
        delivered_verdict();
    }
    EXPECT_TRUE(failures().empty());
}

TEST_F(fruitless_test, one_direction_that_never_tells_is_the_end_though_the_other_does)
{
    for (unsigned each = 0; each < fruitless::verdicts_max_one_way; ++each) {
        EXPECT_TRUE(failures().empty());
        delivered_to_server();
        void_verdicts(1);
    }
    ASSERT_EQ(failures().size(), 1U);
    EXPECT_NE(failures().front().why.find("to_client told nothing"), std::string::npos);
}

TEST_F(fruitless_test, what_an_outage_voids_says_nothing_of_the_run)
{
    for (unsigned i = 0; i < 2 * fruitless::verdicts_max; ++i) {
        open_next();
        here.tell(control_down{.why = "gone"});
        here.pass(1s);
        here.tell(control_up{.resumed = true, .connections_max = 256});
        here.pass(6s);
    }
    EXPECT_TRUE(failures().empty());
}

}  // namespace
}  // namespace deadair::observation
