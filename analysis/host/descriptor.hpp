#pragma once

#include <unistd.h>

#include <utility>

namespace deadair::host {

/// Owns a file descriptor; negative: none.
class descriptor {
public:
    explicit descriptor(int number) : number_{number} {}
    descriptor(descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    descriptor& operator=(descriptor&&) = delete;
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    int get() const { return number_; }

private:
    int number_;
};

}  // namespace deadair::host
