#pragma once

#include <string>

namespace deadair {

/// With a capital in front, as a sentence begins. ASCII.
inline std::string capital(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

}  // namespace deadair
