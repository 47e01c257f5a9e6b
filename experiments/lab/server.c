/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "server.h"

#include "child.h"
#include "command/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_BYTES (512 * 1024) /* the output of many small runs; where the system gives less, the server waits */

bool server_words(text_buf *out, char *const *argv, const char *stdin_text) {
    struct serve_request head = {.has_input = stdin_text != NULL};
    while (argv[head.word_count]) {
        head.word_count++;
    }
    out->count = 0;
    text_append(out, (const char *)&head, sizeof head);
    for (size_t i = 0; argv[i]; i++) {
        text_append(out, argv[i], strlen(argv[i]) + 1);
    }
    if (stdin_text) {
        text_append(out, stdin_text, strlen(stdin_text));
    }
    return out->count <= SERVE_BYTES_MAX;
}

static void close_all(const int *fds, size_t count) {
    int error = errno;
    for (size_t i = 0; i < count; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
    errno = error;
}

bool server_start(server *s, const char *program) {
    int control[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1}, pidfd = -1;
    char *const argv[] = {(char *)program, "--serve", NULL};
    pid_t pid = 0;
    int error =
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)
            ? errno
            : 0;
    if (!error) {
        error = child_spawn(&pid, argv, &(child_fds){.in = -1, .out = out[1], .err = err[1], .control = control[1]});
    }
    if (!error && (pidfd = pidfd_open(pid, 0)) < 0) {
        error = errno;
        kill(-pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close_all((const int[]){out[1], err[1]}, 2);
    if (error) {
        close_all((const int[]){control[0], control[1], out[0], err[0]}, 4);
        errno = error;
        return false;
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETPIPE_SZ, PIPE_BYTES);
    *s = (server){
        .pid = pid, .pidfd = pidfd, .requests = control[0], .waiting = control[1], .out = out[0], .err = err[0]};
    return true;
}

bool server_request(const server *s, const text_buf *words) {
    return send(s->requests, words->bytes, words->count, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)words->count;
}

size_t server_take_back(const server *s) {
    size_t count = 0;
    char byte;
    while (recv(s->waiting, &byte, sizeof byte, MSG_DONTWAIT) > 0) {
        count++;
    }
    return count;
}

void server_close(server *s) {
    close_all((const int[]){s->pidfd, s->requests, s->waiting, s->out, s->err}, 5);
    *s = (server){0};
}
