/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    WORDS_MAX = 4096,
    OUTPUT_BYTES = 65536 /* as much as a pipe takes: the reader wakes up once for most runs */
};

/* @return the bytes of a request, 0 at the end, or -1; *input receives its standard input, or -1. */
static ssize_t receive(char *words, int *input) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {words, SERVE_BYTES_MAX};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t count;
    struct cmsghdr *with;

    do
        count = recvmsg(SERVE_FD, &message, MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    *input = -1;
    with = count > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (with && with->cmsg_level == SOL_SOCKET && with->cmsg_type == SCM_RIGHTS)
        memcpy(input, CMSG_DATA(with), sizeof *input);
    return count;
}

/* ---- Memory ------------------------------------------------------------------------------------------------ */

/* The peak of the resident set begins again with what there is now. */
static void forget_peak(int clear_refs) {
    if (clear_refs >= 0 && pwrite(clear_refs, "5", 1, 0) != 1)
        return; /* it stays that of the runs before */
}

/* VmHWM of /proc/self/status, which is asked anew each time. */
static int64_t peak_kib(int status) {
    char text[4096];
    ssize_t count = status >= 0 ? pread(status, text, sizeof text - 1, 0) : 0;
    long long kib = 0;
    const char *line;

    text[count > 0 ? count : 0] = 0;
    line = strstr(text, "\nVmHWM:");
    return line && sscanf(line, "\nVmHWM: %lld kB", &kib) == 1 ? kib : 0;
}

/* ---- A run ------------------------------------------------------------------------------------------------- */

static int do_request(char *words, size_t bytes, int (*run)(int argc, char **argv)) {
    char *argv[WORDS_MAX + 1];
    int argc = 0, status;

    for (size_t at = 0; at < bytes && argc < WORDS_MAX; at += strlen(words + at) + 1)
        argv[argc++] = words + at;
    argv[argc] = NULL;
    status = run(argc, argv);
    return fflush(stdout) == 0 ? status : EXIT_FAILURE;
}

static bool answer(int exit_status, int64_t memory_kib) {
    struct serve_message m = {.exit_status = exit_status, .memory_kib = memory_kib};
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    m.cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec +
               usage.ru_stime.tv_usec;
    return send(SERVE_FD, &m, sizeof m, MSG_NOSIGNAL) == (ssize_t)sizeof m;
}

int serve(int (*run)(int argc, char **argv)) {
    static char words[SERVE_BYTES_MAX + 1];
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC),
        clear_refs = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC), input;
    ssize_t bytes;

    fcntl(SERVE_FD, F_SETFD, FD_CLOEXEC);
    setvbuf(stdout, NULL, _IOFBF, OUTPUT_BYTES);
    while ((bytes = receive(words, &input)) > 0) {
        words[bytes] = 0;
        dup2(input >= 0 ? input : nothing, STDIN_FILENO);
        if (input >= 0)
            close(input);
        forget_peak(clear_refs);
        int exit_status = do_request(words, (size_t)bytes, run);

        if (!answer(exit_status, peak_kib(status)))
            return EXIT_FAILURE;
    }
    return bytes == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
