/* The pasted text, or nothing, stands in pasted.h. */
#include "pasted.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ask(int fd, const char *path)
{
    char text[512];
    const int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    if (write(fd, text, (size_t)size) != size)
        return 0;
    /* Head and body may come in pieces. */
    size_t heard = 0;
    while (heard < 3 || memcmp(text + heard - 3, "ok\n", 3) != 0) {
        const ssize_t got = read(fd, text + heard, sizeof text - heard);
        if (got <= 0)
            return 0;
        heard += (size_t)got;
    }
    return 1;
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[4]))};
    inet_pton(AF_INET, argv[3], &to.sin_addr);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
#ifdef PASTED
    if (keep_binding(fd) != 0)
        return 1;
#endif
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        return 1;
    int ok = 1;
    char slow[64];
    snprintf(slow, sizeof slow, "/slow?%s", argv[5]);
    if (strcmp(argv[2], "held") == 0) {
        puts("{\"event\": \"idle\"}");
        fflush(stdout);
        ok = ask(fd, slow);
    }
    else {
        if (!ask(fd, "/fast"))
            return 1;
        puts("{\"event\": \"idle\"}");
        fflush(stdout);
        sleep((unsigned)atoi(argv[5]));
        ok = ask(fd, "/fast");
    }
    printf("{\"event\": \"done\", \"ok\": %s, \"took\": 0}\n", ok ? "true" : "false");
    return 0;
}
