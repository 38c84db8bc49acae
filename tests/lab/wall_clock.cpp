// Preloaded into a program (LD_PRELOAD, ld.so(8)), sets its wall clock, and that alone, back by as
// many seconds as the file $WALL_CLOCK_BACK holds; and lets it believe that the host slept for as
// many as the file $HOST_SLEPT holds: CLOCK_BOOTTIME runs on while CLOCK_MONOTONIC stands still.
#include <dlfcn.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

namespace {

long seconds_in_file_of(const char* variable)
{
    const char* name = std::getenv(variable);
    long seconds = 0;
    if (name == nullptr)
        return 0;
    if (std::FILE* file = std::fopen(name, "re")) {
        if (std::fscanf(file, "%ld", &seconds) != 1)
            seconds = 0;
        std::fclose(file);
    }
    return seconds;
}

}  // namespace

extern "C" int clock_gettime(clockid_t which, timespec* now) noexcept
{
    using real_call = int (*)(clockid_t, timespec*);
    static const auto real = reinterpret_cast<real_call>(dlsym(RTLD_NEXT, "clock_gettime"));
    const int result = real(which, now);
    if (result == 0 && which == CLOCK_REALTIME)
        now->tv_sec -= seconds_in_file_of("WALL_CLOCK_BACK");
    if (result == 0 && which == CLOCK_BOOTTIME)
        now->tv_sec += seconds_in_file_of("HOST_SLEPT");
    return result;
}
