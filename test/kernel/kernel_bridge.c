/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * kernel_bridge: the emulated link of kernel_host between the kernels of two network namespaces, until it is ended by SIGTERM
 * or SIGINT; then one line of KEY=VALUE. Exit status: 0, 1 an error of the system, 2 usage.
 */
#define _GNU_SOURCE
#include <argp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>

#include "emu_path.h"
#include "host_time.h"
#include "sim_fail.h"
#include "tun.h"

/** The path is the first kernel's, and the second kernel is where kernel_host has the core. */
typedef struct bridge {
    const char *netns[2];
    uint32_t netns_count;
    emu_path path;
    bool has_path;
    int far_fd;
    uint64_t seed;
} bridge;

static const struct argp_option options[] = {
    {"netns", 'n', "NAME", 0, "A namespace; the first is that of `to' and `from', both have the device", 0},
    {"path", 'p', "KEY=VALUE,...", 0, "As of kernel_host", 0},
    {"seed", 'S', "N", 0, "Seed of the link's faults [1]", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    bridge *b = state->input;
    const char *wrong = NULL;
    switch (key) {
    case 'n':
        if (b->netns_count == 2) {
            argp_error(state, "more than two namespaces");
        }
        b->netns[b->netns_count++] = text;
        return 0;
    case 'p':
        wrong = emu_path_parse(&b->path, text);
        if (wrong != NULL) {
            argp_error(state, "--path: %s", wrong);
        }
        b->has_path = true;
        return 0;
    case 'S': b->seed = strtoull(text, NULL, 10); return 0;
    case ARGP_KEY_END:
        if (b->netns_count != 2 || !b->has_path) {
            argp_error(state, "two --netns and a --path are needed");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static void step(bridge *b, mpt_time now) {
    static uint8_t packet[TUN_PACKET_BYTES_MAX];
    emu_path_read(&b->path, now);
    for (uint32_t bytes; (bytes = tun_read(b->far_fd, packet)) > 0;) {
        emu_link_put(&b->path.link[EMU_TO_KERNEL], packet, bytes, now);
    }
    for (emu_packet *p; (p = emu_link_take(&b->path.link[EMU_FROM_KERNEL], now)) != NULL; free(p)) {
        SIM_REQUIRE(tun_write(b->far_fd, p->data, p->bytes), "the kernel does not take a packet of %u bytes", p->bytes);
    }
    emu_path_write(&b->path, now);
}

/** @return a descriptor that is readable once the bridge shall end: no signal can come between a look and a wait. */
static int open_end(void) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    int fd = signalfd(-1, &ends, SFD_CLOEXEC);
    SIM_REQUIRE(fd >= 0, "no signalfd");
    return fd;
}

static void run(bridge *b) {
    struct pollfd fds[3] = {{.fd = open_end(), .events = POLLIN},
                            {.fd = b->path.fd, .events = POLLIN},
                            {.fd = b->far_fd, .events = POLLIN}};
    printf("ready\n");
    fflush(stdout);
    while (!(fds[0].revents & POLLIN)) {
        step(b, host_now());
        host_wait(fds, 3, emu_path_due(&b->path));
    }
}

int main(int argc, char **argv) {
    static bridge b = {.seed = 1};
    const struct argp argp = {options, parse, NULL, "An emulated link between two namespaces.", NULL, NULL, NULL};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &b);
    sim_fail_context("kernel_bridge", NULL);
    host_become_real_time();
    emu_path_open(&b.path, b.netns[0], b.seed * EMU_PATHS_MAX);
    b.far_fd = tun_open(b.netns[1], b.path.device);
    run(&b);
    printf("role=bridge");
    emu_path_print(&b.path, 1);
    printf("\n");
    emu_path_close(&b.path);
    return 0;
}
