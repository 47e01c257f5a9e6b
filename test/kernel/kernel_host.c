/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * kernel_host: the core as a host beside the kernel of a network namespace, over emulated paths: one connection or more, a pattern
 * both ways. Prints lines of KEY=VALUE, one a connection and one of the host. Exit status: 0 it ended (see `outcome'), 1 a wrong byte or not done in time, 2 usage.
 */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core_action.h"
#include "core_settings.h"
#include "host_time.h"
#include "sim_fail.h"

typedef struct arguments {
    const char *netns;
    uint16_t port;
    bool has_role;
    double timeout_s;
    mpt_settings settings;
    core_host host;
    emu_path paths[EMU_PATHS_MAX];
    core_action actions[CORE_ACTIONS_MAX];
    uint32_t action_count;
} arguments;

static const struct argp_option options[] = {
    {"netns", 'n', "NAME", 0, "Namespace of the kernel's side", 0},
    {"path", 'p', "KEY=VALUE,...", 0,
     "A path: device=, core=, kernel= (addresses), rate_mbps=, delay_ms=, queue_packets=, loss_percent=, "
     "reorder_percent=, reorder_ms=, lose=N-N (these packets, from 1 on), "
     "strip=none|syn|synack|data|all, badsum=N (from the Nth on DSS checksums are wrong), each with `to.' or `from.' "
     "before it for one direction; acks_pass (full queues drop payload only), backup, signal, nosubflow, later (the "
     "address comes by --at SECONDS:up)",
     0},
    {"listen", 'l', "PORT", 0, "Be the server", 0},
    {"connect", 'c', "PORT", 0, "Be the client, over the first path", 0},
    {"connections", 'N', "N", 0, "So many at once; a client's go to PORT, PORT + 1, ... [1]", 0},
    {"bytes", 'b', "N", 0, "Bytes to write", 0},
    {"respond", 'r', NULL, 0, "Write only after the peer's end", 0},
    {"set", 's', "NAME=VALUE", 0, "A setting of the core (model/core/mpt.h), times in ns", 0},
    {"at", 'a', "SECONDS:WHAT[:PATH]", 0,
     "down, up, backup, regular, break, mend or abort, so long after the peer's first byte", 0},
    {"subflows", 'f', "N", 0, "... and after so many subflows were established [1]", 0},
    {"seed", 'S', "N", 0, "Seed of the core and of the links' faults [1]", 0},
    {"timeout", 't', "SECONDS", 0, "Give up after so long [120]", 0},
    {0}};

static uint64_t number(struct argp_state *state, const char *text, uint64_t max) {
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || value > max) {
        argp_error(state, "`%s' is not a number up to %" PRIu64, text, max);
    }
    return value;
}

static void add_path(arguments *a, char *text, struct argp_state *state) {
    if (a->host.path_count == EMU_PATHS_MAX) {
        argp_error(state, "more than %d paths", EMU_PATHS_MAX);
    }
    const char *wrong = emu_path_parse(&a->paths[a->host.path_count++], text);
    if (wrong != NULL) {
        argp_error(state, "--path: %s", wrong);
    }
}

static void add_action(arguments *a, const char *text, struct argp_state *state) {
    if (a->action_count == CORE_ACTIONS_MAX || !core_action_parse(&a->actions[a->action_count++], text)) {
        argp_error(state, "--at %s: SECONDS:WHAT[:PATH] was expected, at most %d times", text, CORE_ACTIONS_MAX);
    }
}

static error_t parse(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case 'n': a->netns = text; return 0;
    case 'p': add_path(a, text, state); return 0;
    case 'l':
    case 'c':
        a->port = (uint16_t)number(state, text, UINT16_MAX);
        a->host.apps[0].is_client = key == 'c';
        a->has_role = true;
        return 0;
    case 'N': a->host.app_count = (uint32_t)number(state, text, CORE_APPS_MAX); return 0;
    case 'b': a->host.apps[0].bytes_to_write = number(state, text, UINT32_MAX); return 0;
    case 'r': a->host.apps[0].is_responder = true; return 0;
    case 's':
        if (!core_settings_set(&a->settings.conn, text)) {
            argp_error(state, "--set %s: no such setting, or a bad value", text);
        }
        return 0;
    case 'a': add_action(a, text, state); return 0;
    case 'f': a->host.subflows_wanted = (uint32_t)number(state, text, CORE_SUBFLOWS_MAX); return 0;
    case 'S': a->settings.seed = number(state, text, UINT32_MAX); return 0;
    case 't': a->timeout_s = (double)number(state, text, 3600); return 0;
    case ARGP_KEY_END:
        if (a->netns == NULL || !a->has_role || a->host.path_count == 0) {
            argp_error(state, "--netns, --path and one of --listen, --connect are needed");
        }
        for (uint32_t i = 1; i < a->host.app_count; i++) {
            a->host.apps[i] = a->host.apps[0];
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static void wait_for_input(arguments *a, mpt_time until) {
    struct pollfd fds[EMU_PATHS_MAX];
    for (uint32_t i = 0; i < a->host.path_count; i++) {
        fds[i] = (struct pollfd){.fd = a->paths[i].fd, .events = POLLIN};
    }
    host_wait(fds, a->host.path_count, until);
}

/** @return true when all connections are gone and nothing is on its way any more. */
static bool is_over(const core_host *h) {
    bool is_all_over = true;
    for (uint32_t i = 0; i < h->path_count; i++) {
        is_all_over &= emu_path_due(&h->paths[i]) == MPT_NEVER;
    }
    for (uint32_t i = 0; i < h->app_count; i++) {
        is_all_over &= h->apps[i].is_over && h->apps[i].conn == NULL;
    }
    return is_all_over;
}

static bool run(arguments *a) {
    core_host *h = &a->host;
    mpt_time now = host_now(), end = now + (mpt_time)(a->timeout_s * (double)MPT_S);
    core_host_start(h, &a->settings, a->port, now);
    printf("ready\n");
    fflush(stdout);
    while (true) {
        core_host_step(h, now);
        mpt_time action = core_action_run(a->actions, a->action_count, h, now), due = core_host_due(h);
        if (now >= end || is_over(h)) {
            return is_over(h);
        }
        due = action < due ? action : due;
        wait_for_input(a, due < end ? due : end);
        now = host_now();
    }
}

static void print_results(const core_host *h) {
    const mpt_counters *counters = mpt_stack_counters(h->stack);
    for (uint32_t i = 0; i < h->app_count; i++) {
        printf("role=%s", h->apps[i].is_client ? "client" : "server");
        core_app_print(&h->apps[i]);
        printf("\n");
    }
    for (uint32_t i = 0; i < h->path_count; i++) {
        emu_path_print(&h->paths[i], i + 1);
    }
    printf(" late_permille=%" PRIu64 " bad_checksums=%" PRIu64, emu_path_late_permille(h->paths, h->path_count),
           h->bad_checksums);
#define MPT_X(name)                                                                                                    \
    if (counters->name != 0) {                                                                                         \
        printf(" %s=%" PRIu64, #name, counters->name);                                                                 \
    }
    MPT_COUNTERS(MPT_X)
#undef MPT_X
    printf("\n");
}

int main(int argc, char **argv) {
    static arguments a;
    const struct argp argp = {options, parse, NULL, "The core as a host beside the kernel of a network namespace.",
                              NULL,    NULL,  NULL};
    argp_err_exit_status = 2;
    a.timeout_s = 120;
    a.host.paths = a.paths;
    a.host.app_count = 1;
    a.host.subflows_wanted = 1;
    mpt_settings_default(&a.settings);
    a.settings.seed = 1;
    a.settings.conn.time_wait_ns = MPT_S; /* long enough for the peer's last retransmission on these paths */
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    sim_fail_context("kernel_host", NULL);
    host_become_real_time();
    for (uint32_t i = 0; i < a.host.path_count; i++) {
        emu_path_open(&a.paths[i], a.netns, a.settings.seed * EMU_PATHS_MAX + i);
    }
    bool is_done = run(&a);
    print_results(&a.host);
    for (uint32_t i = 0; i < a.host.path_count; i++) {
        emu_path_close(&a.paths[i]);
    }
    core_host_free(&a.host);
    return is_done ? 0 : 1;
}
