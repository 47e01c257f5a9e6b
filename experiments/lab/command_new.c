/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scenario and a sweep to start from, with comments that say what to change. */
#define _GNU_SOURCE 1

#include "command.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char scenario[] =
    "# One run: who sends what to whom over which paths. All keys: mptcp-run --print-keys\n"
    "engine: link                   # or ns3: the same on ethernet, and Wi-Fi, LTE, boxes on paths, walking hosts\n"
    "duration_s: 10\n"
    "hosts: [{name: phone}, {name: server}]\n"
    "paths:                         # each leads from its hosts to one core router; delays are one-way\n"
    "  - {name: near, type: ethernet, hosts: [phone], rate_mbps: 20, delay_ms: 5, queue_packets: 50}\n"
    "  - {name: far, type: ethernet, hosts: [phone], rate_mbps: 10, delay_ms: 40, queue_packets: 50, loss_down: "
    "0.0005}\n"
    "  - {name: cable, type: ethernet, hosts: [server], rate_mbps: 1000, queue_packets: 10000}\n"
    "flows:                         # protocol: mptcp or tcp; paths: [near] keeps it to one; bytes: 1000000 ends it\n"
    "  - {name: download, client: phone, server: server, protocol: mptcp, start_s: 0.1, start_jitter_s: 0.1}\n"
    "# events:                      # what happens when\n"
    "#   - {time_s: 4, path: near, link: down}\n"
    "#   - {time_s: 7, path: near, link: up}\n"
    "# sampling: {interval_ms: 100, series: [goodput, cwnd, rtt]}\n";

static const char sweep_head[] = "# What is varied. All forms of an axis: doc/contracts.md\n";
static const char sweep_tail[] =
    "seeds: {first: 1, count: 5}    # the same at each point, so that points can be compared in pairs\n"
    "timeout_s: 60                  # of one run\n"
    "grid:                          # every combination\n"
    "  - key: flows.download.receive_buffer_bytes\n"
    "    values: [65536, 131072, 262144, 524288, 1048576]\n"
    "  - key: transport             # a name of one's own: each variant makes changes to the scenario\n"
    "    variants:\n"
    "      - {value: MPTCP, set: [\"flows.download.protocol=mptcp\"]}\n"
    "      - {value: TCP near, set: [\"flows.download.protocol=tcp\", \"flows.download.paths=[near]\"]}\n";

static const char doc[] =
    "Writes NAME.yaml, a commented scenario, and NAME-sweep.yaml, a sweep over it, to start from.\v"
    "Files that are there are left alone. NAME may have a folder before it. Then:\n\n"
    "  mptcp-lab sweep NAME-sweep.yaml --db NAME.db\n"
    "  mptcp-figures plot --db NAME.db --x receive_buffer_bytes --y goodput --series transport";

static error_t parse(int key, char *arg, struct argp_state *state) {
    const char **name = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*name) {
            argp_error(state, "one NAME expected, got '%s' too", arg);
        }
        *name = arg;
        return 0;
    case ARGP_KEY_END:
        if (!*name) {
            argp_error(state, "NAME expected");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static bool write_new(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    size_t bytes = strlen(text);
    bool is_good = fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes;
    is_good = (fd < 0 || close(fd) == 0) && is_good;
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: %s: %s\n", path, strerror(errno));
        if (fd >= 0) {
            unlink(path);
        }
    }
    return is_good;
}

/* Names of campaigns are file names, too. */
static bool is_name(const char *base) {
    bool is_good = base[0] && !base[strspn(base, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")];
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: %s: expected a name of letters, digits, '-' and '_'\n", base);
    }
    return is_good;
}

int command_new(int argc, char **argv) {
    const char *name = NULL;
    const struct argp argp = {.parser = parse, .args_doc = "NAME", .doc = doc};
    argp_parse(&argp, argc, argv, 0, NULL, &name);

    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    char *scenario_path = text_format("%s.yaml", name), *sweep_path = text_format("%s-sweep.yaml", name);
    char *sweep = text_format("%sname: %s\nscenario: %s.yaml\n%s", sweep_head, base, base, sweep_tail);
    bool is_good = is_name(base);
    if (is_good && access(sweep_path, F_OK) == 0) { /* both or none */
        fprintf(stderr, "mptcp-lab: %s: %s\n", sweep_path, strerror(EEXIST));
        is_good = false;
    }
    is_good = is_good && write_new(scenario_path, scenario);
    if (is_good && !write_new(sweep_path, sweep)) {
        unlink(scenario_path);
        is_good = false;
    }
    if (is_good) {
        printf("%s\n%s\n", scenario_path, sweep_path);
    }
    free(sweep);
    free(sweep_path);
    free(scenario_path);
    return is_good ? EXIT_DONE : EXIT_USAGE;
}
