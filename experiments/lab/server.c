/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "server.h"

#include "child.h"
#include "command/serve.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static bool start(server *s, char *program) {
    int control[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    char *const argv[] = {program, "--serve", NULL};
    pid_t pid = 0;
    int error =
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)
            ? errno
            : 0;
    if (!error) {
        error = child_spawn(&pid, argv, &(child_fds){.in = -1, .out = out[1], .err = err[1], .control = control[1]});
    }
    const int theirs[] = {control[1], out[1], err[1]}, ours[] = {control[0], out[0], err[0]};
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
        if (theirs[i] >= 0) {
            close(theirs[i]);
        }
        if (error && ours[i] >= 0) {
            close(ours[i]);
        }
    }
    if (error) {
        errno = error;
        return false;
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    *s = (server){.pid = pid, .control = control[0], .out = out[0], .err = err[0]};
    return true;
}

static bool send_request(const server *s, const text_buf *words, int input) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {words->bytes, words->count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (input >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        control.header =
            (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof input), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.header), &input, sizeof input);
    }
    ssize_t sent = sendmsg(s->control, &message, MSG_NOSIGNAL);
    return sent == (ssize_t)words->count;
}

/* A server that died between two runs is found out here, and started again. */
static bool ask(server *s, char *program, const text_buf *words, int input) {
    if (s->pid && send_request(s, words, input)) {
        return true;
    }
    if (s->pid) {
        kill(-s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
        server_close(s);
    }
    return start(s, program) && send_request(s, words, input);
}

bool server_request(server *s, char *const *argv, const char *stdin_text) {
    text_buf words = {0};
    for (size_t i = 0; argv[i]; i++) {
        text_append(&words, argv[i], strlen(argv[i]) + 1);
    }
    int input = stdin_text ? child_open_text(stdin_text) : -1;
    bool is_good = (input >= 0 || !stdin_text);
    if (is_good && words.count > SERVE_BYTES_MAX) {
        errno = E2BIG;
        is_good = false;
    }
    is_good = is_good && ask(s, argv[0], &words, input);
    int error = errno;
    if (input >= 0) {
        close(input);
    }
    text_free(&words);
    errno = error;
    return is_good;
}

void server_close(server *s) {
    close(s->control);
    close(s->out);
    close(s->err);
    *s = (server){0};
}
