#pragma once

#include <map>
#include <string>
#include <string_view>

namespace deadair::prober::evidence {

/// Masks addresses: the same address has the same mask in every text, and different addresses
/// differ. Loopback and unspecified addresses, which tell nothing, stay. Pure.
class redactor {
public:
    /// A name to be masked wherever it stands, such as the host's.
    void hide(const std::string& name, const std::string& mask);
    std::string operator()(std::string_view text);

private:
    std::string mask_of(const std::string& word);

    std::map<std::string, std::string> names_;
    std::map<std::string, std::string> masks_;
};

}  // namespace deadair::prober::evidence
