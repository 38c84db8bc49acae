#include "echo-server/transport/secret_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "echo-server/transport/token_file.hpp"

namespace deadair::net {
namespace {

namespace fs = std::filesystem;

class a_secret_file : public testing::Test {
protected:
    a_secret_file()
    {
        std::string pattern = testing::TempDir() + "deadair-XXXXXX";
        folder_ = mkdtemp(pattern.data());
        file_ = folder_ / "secret";
    }
    ~a_secret_file() override { fs::remove_all(folder_); }

    std::string refusal()
    {
        try {
            (void)read_secret_file(file_, "key pair");
        } catch (const std::runtime_error& problem) {
            return problem.what();
        }
        return {};
    }

    fs::path folder_;
    fs::path file_;
};

TEST_F(a_secret_file, is_written_once_and_read_again)
{
    write_secret_once(file_, "first");
    write_secret_once(file_, "second");
    EXPECT_EQ(read_secret_file(file_, "key pair"), "first");
    EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(a_secret_file, that_others_may_read_is_refused)
{
    write_secret_once(file_, "first");
    for (const auto too_much : {fs::perms::group_read, fs::perms::others_read}) {
        fs::permissions(file_, fs::perms::owner_read | too_much);
        EXPECT_EQ(refusal(), "the key pair " + file_.string() +
                                 " can be read by others; run: chmod 600 " + file_.string());
    }
    EXPECT_THROW((void)read_token_file(file_), std::runtime_error);
}

TEST_F(a_secret_file, that_is_not_there_or_endless_is_refused)
{
    EXPECT_EQ(refusal(),
              "the key pair " + file_.string() + " cannot be read: No such file or directory");
    write_secret_once(file_, std::string(100'000, 'x'));
    EXPECT_EQ(refusal(), file_.string() + " is too long to be a key pair");
}

TEST_F(a_secret_file, that_a_group_shares_is_refused_only_where_everybody_may_read_it)
{
    write_secret_once(file_, "key");
    fs::permissions(file_, fs::perms::owner_read | fs::perms::group_read);
    EXPECT_NO_THROW(refuse_if_everybody_may_read(file_, "private key"));
    fs::permissions(file_, fs::perms::owner_read | fs::perms::others_read);
    EXPECT_THROW(refuse_if_everybody_may_read(file_, "private key"), std::runtime_error);
}

}  // namespace
}  // namespace deadair::net
