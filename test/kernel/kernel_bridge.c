/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * kernel_bridge: the emulated paths of kernel_host between the kernels of two network namespaces, until it is ended by SIGTERM
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

/** The paths are the first kernel's, and the second kernel is where kernel_host has the core. */
typedef struct bridge {
    const char *netns[2];
    uint32_t netns_count;
    emu_path paths[EMU_PATHS_MAX];
    int far_fds[EMU_PATHS_MAX];
    uint32_t path_count;
    uint64_t seed;
} bridge;

static const struct argp_option options[] = {
    {"netns", 'n', "NAME", 0, "A namespace; the first is that of `to' and `from', both have the device", 0},
    {"path", 'p', "KEY=VALUE,...", 0, "A path, as of kernel_host", 0},
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
        if (b->path_count == EMU_PATHS_MAX) {
            argp_error(state, "more than %d paths", EMU_PATHS_MAX);
        }
        wrong = emu_path_parse(&b->paths[b->path_count++], text);
        if (wrong != NULL) {
            argp_error(state, "--path: %s", wrong);
        }
        return 0;
    case 'S': b->seed = strtoull(text, NULL, 10); return 0;
    case ARGP_KEY_END:
        if (b->netns_count != 2 || b->path_count == 0) {
            argp_error(state, "two --netns and a --path are needed");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static void step(emu_path *path, int far_fd, mpt_time now) {
    static uint8_t packet[TUN_PACKET_BYTES_MAX];
    emu_path_read(path, now);
    for (uint32_t bytes; (bytes = tun_read(far_fd, packet)) > 0;) {
        emu_link_put(&path->link[EMU_TO_KERNEL], packet, bytes, now);
    }
    for (emu_packet *p; (p = emu_link_take(&path->link[EMU_FROM_KERNEL], now)) != NULL; free(p)) {
        SIM_REQUIRE(tun_write(far_fd, p->data, p->bytes), "the kernel does not take a packet of %u bytes", p->bytes);
    }
    emu_path_write(path, now);
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
    struct pollfd fds[1 + 2 * EMU_PATHS_MAX] = {{.fd = open_end(), .events = POLLIN}};
    for (uint32_t i = 0; i < b->path_count; i++) {
        fds[1 + 2 * i] = (struct pollfd){.fd = b->paths[i].fd, .events = POLLIN};
        fds[2 + 2 * i] = (struct pollfd){.fd = b->far_fds[i], .events = POLLIN};
    }
    printf("ready\n");
    fflush(stdout);
    while (!(fds[0].revents & POLLIN)) {
        mpt_time now = host_now(), due = MPT_NEVER;
        for (uint32_t i = 0; i < b->path_count; i++) {
            step(&b->paths[i], b->far_fds[i], now);
            mpt_time at = emu_path_due(&b->paths[i]);
            due = at < due ? at : due;
        }
        host_wait(fds, 1 + 2 * b->path_count, due);
    }
}

int main(int argc, char **argv) {
    static bridge b = {.seed = 1};
    const struct argp argp = {options, parse, NULL, "Emulated paths between two namespaces.", NULL, NULL, NULL};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &b);
    sim_fail_context("kernel_bridge", NULL);
    host_become_real_time();
    for (uint32_t i = 0; i < b.path_count; i++) {
        emu_path_open(&b.paths[i], b.netns[0], b.seed * EMU_PATHS_MAX + i);
        b.far_fds[i] = tun_open(b.netns[1], b.paths[i].device);
    }
    run(&b);
    printf("role=bridge");
    for (uint32_t i = 0; i < b.path_count; i++) {
        emu_path_print(&b.paths[i], i + 1);
    }
    printf(" late_permille=%" PRIu64 "\n", emu_path_late_permille(b.paths, b.path_count));
    for (uint32_t i = 0; i < b.path_count; i++) {
        emu_path_close(&b.paths[i]);
    }
    return 0;
}
