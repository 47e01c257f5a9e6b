/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "serve.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 4096 };

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

static int run_request(char *words, size_t bytes, int input, pid_t server, int (*run)(int argc, char **argv)) {
    char *argv[WORDS_MAX + 1];
    int argc = 0;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != server)
        return EXIT_FAILURE;
    close(SERVE_FD);
    if (input >= 0)
        dup2(input, STDIN_FILENO);
    for (size_t at = 0; at < bytes && argc < WORDS_MAX; at += strlen(words + at) + 1)
        argv[argc++] = words + at;
    argv[argc] = NULL;
    return run(argc, argv);
}

static bool answer(const struct serve_message *m) {
    return send(SERVE_FD, m, sizeof *m, MSG_NOSIGNAL) == (ssize_t)sizeof *m;
}

static bool follow(pid_t pid) {
    struct serve_message m = {.kind = SERVE_STARTED, .pid = pid};
    struct rusage usage;
    int status;

    if (!answer(&m))
        return false;
    while (wait4(pid, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return false;
    m.kind = SERVE_ENDED;
    m.status = status;
    m.cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec +
               usage.ru_stime.tv_usec;
    m.memory_kib = usage.ru_maxrss;
    return answer(&m);
}

int serve(int (*run)(int argc, char **argv)) {
    static char words[SERVE_BYTES_MAX + 1];
    pid_t server = getpid();
    ssize_t bytes;
    int input;

    while ((bytes = receive(words, &input)) > 0) {
        pid_t pid;

        words[bytes] = 0;
        pid = fork();
        if (pid == 0)
            exit(run_request(words, (size_t)bytes, input, server, run));
        if (input >= 0)
            close(input);
        if (pid < 0 || !follow(pid))
            return EXIT_FAILURE;
    }
    return bytes == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
