/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * kernel_peer: the kernel's end of a connection: MPTCP or TCP, client or server, a pattern both ways. Prints one line of
 * KEY=VALUE. SIGUSR1 makes it abort the connection. Exit status: 0 it ended (see `outcome'), 1 a wrong byte, an error of the system or not done in time, 2 usage.
 */
#define _GNU_SOURCE
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/mptcp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host_time.h"
#include "ip_packet.h"
#include "sim_fail.h"
#include "sim_link.h"
#include "sim_store.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef SOL_MPTCP
#define SOL_MPTCP 284
#endif

enum { PIECE_BYTES = 65536 };

typedef struct peer {
    /* what it shall do */
    bool is_client, is_tcp, is_responder;
    mpt_endpoint endpoint; /**< where to connect to, or to listen */
    const char *congestion;
    uint64_t bytes_to_write;
    int send_buffer_bytes, receive_buffer_bytes; /**< 0: the kernel's own, which grow by themselves */
    double timeout_s;
    /* what it did */
    int fd;
    uint64_t written, read;
    bool is_shut, is_ended;
    const char *outcome;
    mpt_time connected_at, last_read_at, gap_max_ns;
} peer;

/* ---- Arguments -------------------------------------------------------------------------------------------- */

static const struct argp_option options[] = {{"listen", 'l', "ADDRESS/PORT", 0, "Be the server", 0},
                                             {"connect", 'c', "ADDRESS/PORT", 0, "Be the client", 0},
                                             {"tcp", 'T', NULL, 0, "TCP without MPTCP", 0},
                                             {"congestion", 'C', "NAME", 0, "Congestion control [the system's]", 0},
                                             {"bytes", 'b', "N", 0, "Bytes to write", 0},
                                             {"send-buffer", 'w', "BYTES", 0, "Its size [automatic]", 0},
                                             {"receive-buffer", 'R', "BYTES", 0, "Its size [automatic]", 0},
                                             {"respond", 'r', NULL, 0, "Write only after the peer's end", 0},
                                             {"timeout", 't', "SECONDS", 0, "Give up after so long [120]", 0},
                                             {0}};

static void parse_endpoint(mpt_endpoint *e, char *text, struct argp_state *state) {
    char *slash = strchr(text, '/');
    if (slash != NULL) {
        *slash = '\0';
        *e = (mpt_endpoint){ip_address(text), (uint16_t)atoi(slash + 1)};
    }
    if (e->addr.family == 0 || e->port == 0) {
        argp_error(state, "`%s': ADDRESS/PORT was expected", text);
    }
}

static error_t parse(int key, char *text, struct argp_state *state) {
    peer *p = state->input;
    switch (key) {
    case 'l':
    case 'c':
        parse_endpoint(&p->endpoint, text, state);
        p->is_client = key == 'c';
        return 0;
    case 'T': p->is_tcp = true; return 0;
    case 'C': p->congestion = text; return 0;
    case 'b': p->bytes_to_write = strtoull(text, NULL, 10); return 0;
    case 'w': p->send_buffer_bytes = atoi(text); return 0;
    case 'R': p->receive_buffer_bytes = atoi(text); return 0;
    case 'r': p->is_responder = true; return 0;
    case 't': p->timeout_s = atof(text); return 0;
    case ARGP_KEY_END:
        if (p->endpoint.port == 0) {
            argp_error(state, "one of --listen, --connect is needed");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

/* ---- Sockets ---------------------------------------------------------------------------------------------- */

static socklen_t fill_address(struct sockaddr_storage *out, const mpt_endpoint *e) {
    memset(out, 0, sizeof *out);
    if (e->addr.family == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons(e->port);
        memcpy(&in->sin_addr, e->addr.bytes, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(e->port);
    memcpy(&in6->sin6_addr, e->addr.bytes, 16);
    return sizeof *in6;
}

static void require_zero(int status, const char *what) {
    SIM_REQUIRE(status == 0, "%s: %s", what, strerror(errno));
}

/** The kernel doubles it, for what packets take beside their payload. */
static void set_buffer(int fd, int which, int bytes) {
    require_zero(bytes == 0 ? 0 : setsockopt(fd, SOL_SOCKET, which, &bytes, sizeof bytes), "buffer");
}

static int open_socket(const peer *p) {
    int one = 1,
        fd = socket(p->endpoint.addr.family == 4 ? AF_INET : AF_INET6, SOCK_STREAM, p->is_tcp ? 0 : IPPROTO_MPTCP);
    SIM_REQUIRE(fd >= 0, "socket: %s", strerror(errno));
    require_zero(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "SO_REUSEADDR");
    set_buffer(fd, SO_SNDBUFFORCE, p->send_buffer_bytes);
    set_buffer(fd, SO_RCVBUFFORCE, p->receive_buffer_bytes);
    if (p->congestion != NULL) {
        require_zero(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, p->congestion, (socklen_t)strlen(p->congestion)),
                     "TCP_CONGESTION");
    }
    return fd;
}

/** Connect or accept one connection. @return false: refused, or nobody came */
static bool establish(peer *p) {
    struct sockaddr_storage address;
    socklen_t bytes = fill_address(&address, &p->endpoint);
    int fd = open_socket(p);
    if (p->is_client) {
        p->fd = fd;
        if (connect(fd, (struct sockaddr *)&address, bytes) != 0) {
            p->outcome = strerrorname_np(errno);
            return false;
        }
    } else {
        require_zero(bind(fd, (struct sockaddr *)&address, bytes), "bind");
        require_zero(listen(fd, 1), "listen");
        printf("ready\n");
        fflush(stdout);
        host_wait(&(struct pollfd){.fd = fd, .events = POLLIN}, 1,
                  host_now() + (mpt_time)(p->timeout_s * (double)MPT_S));
        require_zero(fcntl(fd, F_SETFL, O_NONBLOCK), "O_NONBLOCK");
        p->fd = accept(fd, NULL, NULL);
        SIM_REQUIRE(p->fd >= 0, "nobody connects");
        /* it goes on to listen: the kernel takes joins of the same port only so */
    }
    require_zero(fcntl(p->fd, F_SETFL, O_NONBLOCK), "O_NONBLOCK");
    p->connected_at = host_now();
    return true;
}

/* ---- The transfer ----------------------------------------------------------------------------------------- */

static bool is_writing(const peer *p) {
    return !p->is_shut && (!p->is_responder || p->is_ended);
}

/** @return false: the connection broke. */
static bool read_some(peer *p) {
    static uint8_t piece[PIECE_BYTES];
    ssize_t count = recv(p->fd, piece, sizeof piece, 0);
    mpt_time now = host_now();
    if (count < 0) {
        p->outcome = errno == EAGAIN ? NULL : strerrorname_np(errno);
        return errno == EAGAIN;
    }
    p->is_ended = count == 0;
    for (ssize_t i = 0; i < count; i++) {
        SIM_REQUIRE(piece[i] == sim_pattern(p->is_client ? SIM_SERVER : SIM_CLIENT, 0, p->read + (uint64_t)i),
                    "wrong byte at offset %" PRIu64, p->read + (uint64_t)i);
    }
    if (p->read > 0 && count > 0 && now - p->last_read_at > p->gap_max_ns) {
        p->gap_max_ns = now - p->last_read_at;
    }
    p->last_read_at = count > 0 ? now : p->last_read_at;
    p->read += (uint64_t)count;
    return true;
}

/** @return false: the connection broke. */
static bool write_some(peer *p) {
    static uint8_t piece[PIECE_BYTES];
    uint64_t left = p->bytes_to_write - p->written, count = left < sizeof piece ? left : sizeof piece;
    for (uint64_t i = 0; i < count; i++) {
        piece[i] = sim_pattern(p->is_client ? SIM_CLIENT : SIM_SERVER, 0, p->written + i);
    }
    ssize_t done = count == 0 ? 0 : send(p->fd, piece, count, MSG_NOSIGNAL);
    if (done < 0) {
        p->outcome = errno == EAGAIN ? NULL : strerrorname_np(errno);
        return errno == EAGAIN;
    }
    p->written += (uint64_t)done;
    if (p->written == p->bytes_to_write) {
        p->is_shut = true;
        require_zero(shutdown(p->fd, SHUT_WR), "shutdown");
    }
    return true;
}

/** @return a descriptor that is readable once the connection shall be aborted. */
static int open_abort(void) {
    sigset_t aborts;
    sigemptyset(&aborts);
    sigaddset(&aborts, SIGUSR1);
    sigprocmask(SIG_BLOCK, &aborts, NULL);
    int fd = signalfd(-1, &aborts, SFD_CLOEXEC);
    SIM_REQUIRE(fd >= 0, "no signalfd");
    return fd;
}

static void abort_connection(peer *p) {
    require_zero(setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger)),
                 "SO_LINGER");
    p->outcome = "aborted";
}

/** @return true when both sides ended in good order, or as it was told to. */
static bool transfer(peer *p) {
    mpt_time end = p->connected_at + (mpt_time)(p->timeout_s * (double)MPT_S);
    int abort_fd = open_abort();
    while (!p->is_shut || !p->is_ended) {
        short events = (short)((p->is_ended ? 0 : POLLIN) | (is_writing(p) ? POLLOUT : 0));
        struct pollfd fds[2] = {{.fd = p->fd, .events = events}, {.fd = abort_fd, .events = POLLIN}};
        host_wait(fds, 2, end);
        if (fds[1].revents & POLLIN) {
            abort_connection(p);
            return true;
        }
        if (host_now() >= end) {
            p->outcome = "unfinished";
            return false;
        }
        if ((fds[0].revents & (POLLIN | POLLHUP | POLLERR)) && !read_some(p)) {
            return true;
        }
        if ((fds[0].revents & POLLOUT) && is_writing(p) && !write_some(p)) {
            return true;
        }
    }
    p->outcome = "closed";
    return true;
}

/* ---- Results ---------------------------------------------------------------------------------------------- */

/** As `ss' and others see it: a connection without MPTCP_INFO has fallen back. */
static const char *mode(const peer *p) {
    struct mptcp_info info;
    socklen_t bytes = sizeof info;
    return p->is_tcp ? "tcp" : getsockopt(p->fd, SOL_MPTCP, MPTCP_INFO, &info, &bytes) == 0 ? "mptcp" : "fallback";
}

static void print_results(const peer *p, const char *mode_name) {
    printf("role=%s mode=%s outcome=%s written=%" PRIu64 " read=%" PRIu64 " ended=%d seconds=%.3f gap_ms=%.0f\n",
           p->is_client ? "client" : "server", mode_name, p->outcome, p->written, p->read, p->is_ended,
           p->read > 0 ? (double)(p->last_read_at - p->connected_at) / (double)MPT_S : 0,
           (double)p->gap_max_ns / (double)MPT_MS);
}

int main(int argc, char **argv) {
    static peer p = {.timeout_s = 120, .fd = -1};
    const struct argp argp = {options, parse, NULL, "The kernel's end of a connection.", NULL, NULL, NULL};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &p);
    sim_fail_context("kernel_peer", NULL);
    host_become_real_time(); /* a reader that comes late holds back acknowledgements */
    bool is_done = !establish(&p) || transfer(&p);
    print_results(&p, mode(&p));
    close(p.fd);
    return is_done ? 0 : 1;
}
