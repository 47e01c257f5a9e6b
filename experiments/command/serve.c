/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    WORDS_MAX = 4096,
    OUTPUT_BYTES = 65536 /* as much as a pipe takes: the reader wakes up once for most runs */
};

static const char *input;
static size_t input_bytes;

const char *serve_input(size_t *bytes) {
    *bytes = input_bytes;
    return input;
}

bool serve_input_to_stdin(void) {
    int file = memfd_create("stdin", MFD_CLOEXEC);
    bool is_there = file >= 0;

    for (size_t at = 0; is_there && at < input_bytes;) {
        ssize_t count = write(file, input + at, input_bytes - at);

        is_there = count > 0;
        at += is_there ? (size_t)count : 0;
    }
    is_there = is_there && lseek(file, 0, SEEK_SET) == 0 && dup2(file, STDIN_FILENO) == STDIN_FILENO;
    if (file >= 0)
        close(file);
    return is_there;
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

static int64_t clock_us(clockid_t which) {
    struct timespec now;

    clock_gettime(which, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* @return the exit status of the request's run. */
static int do_request(char *bytes, size_t count, int (*run)(int argc, char **argv)) {
    struct serve_request head = {0};
    char *argv[WORDS_MAX + 1], *at = bytes + sizeof head, *end = bytes + count;
    int argc = 0;

    memcpy(&head, bytes, count < sizeof head ? count : sizeof head);
    for (; argc < (int)head.word_count && argc < WORDS_MAX && at < end; at += strlen(at) + 1)
        argv[argc++] = at;
    argv[argc] = NULL;
    input = head.has_input ? at : NULL;
    input_bytes = head.has_input && at < end ? (size_t)(end - at) : 0;
    return run(argc, argv);
}

/* What the run printed leaves with the news of its end in one piece, if it is not more than the buffer takes. */
static bool answer(const struct serve_end *end) {
    return write(STDERR_FILENO, SERVE_MARK, SERVE_MARK_BYTES) == SERVE_MARK_BYTES &&
           fwrite(SERVE_MARK, SERVE_MARK_BYTES, 1, stdout) == 1 && fwrite(end, sizeof *end, 1, stdout) == 1 &&
           fflush(stdout) == 0;
}

static int64_t cpu_us(void) {
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
}

static ssize_t receive(char *bytes) {
    ssize_t count;

    do
        count = recv(SERVE_FD, bytes, SERVE_BYTES_MAX, 0);
    while (count < 0 && errno == EINTR);
    return count;
}

int serve(int (*run)(int argc, char **argv)) {
    static char request[SERVE_BYTES_MAX + 1];
    int clear_refs = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t bytes;

    fcntl(SERVE_FD, F_SETFD, FD_CLOEXEC);
    setvbuf(stdout, NULL, _IOFBF, OUTPUT_BYTES);
    while ((bytes = receive(request)) > 0) {
        struct serve_end end = {.started_us = clock_us(CLOCK_REALTIME)};
        int64_t begin_us = clock_us(CLOCK_MONOTONIC);

        request[bytes] = 0;
        forget_peak(clear_refs);
        end.exit_status = do_request(request, (size_t)bytes, run);
        end.memory_kib = peak_kib(status);
        end.wall_us = clock_us(CLOCK_MONOTONIC) - begin_us;
        end.cpu_us = cpu_us();
        if (!answer(&end))
            return EXIT_FAILURE;
    }
    return bytes == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
