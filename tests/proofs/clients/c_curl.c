/* libcurl, with the pasted text or nothing in pasted.h. */
#include "pasted.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t hear(char *data, size_t size, size_t count, void *text)
{
    strncat(text, data, size * count);
    return size * count;
}

static int ask(CURL *handle, char **argv, const char *path)
{
    char url[128];
    char text[4096] = "";
    snprintf(url, sizeof url, "http://%s:%s%s", argv[3], argv[4], path);
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, hear);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, text);
    return curl_easy_perform(handle) == CURLE_OK && strcmp(text, "ok\n") == 0;
}

static void idle(void)
{
    puts("{\"event\": \"idle\"}");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    CURL *handle = curl_easy_init();
#ifdef PASTED
    keep_binding(handle);
    /* The answer of this proof is silent for longer than the bound on stalls. */
    if (strcmp(argv[2], "held") == 0)
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 0L);
#endif
    int ok = ask(handle, argv, "/fast");
    char slow[64];
    snprintf(slow, sizeof slow, "/slow?%s", argv[5]);
    idle();
    if (strcmp(argv[2], "held") == 0) {
        ok = ok && ask(handle, argv, slow);
    }
    else {
        sleep((unsigned)atoi(argv[5]));
        ok = ok && ask(handle, argv, "/fast");
    }
    printf("{\"event\": \"done\", \"ok\": %s, \"took\": 0}\n", ok ? "true" : "false");
    return 0;
}
