#include "echo-server/transport/token_file.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "echo-server/transport/secret_file.hpp"

namespace deadair::net {

std::vector<wire::token> read_token_file(const std::filesystem::path& file)
{
    auto list = wire::parse_tokens(read_secret_file(file, "token file"));
    if (!list.error.empty())
        throw std::runtime_error(
            fmt::format("the token file {} cannot be used: {}", file.string(), list.error));
    return std::move(list.tokens);
}

}  // namespace deadair::net
