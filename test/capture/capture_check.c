/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mptcp-capture-check FILE.pcap...: check the MPTCP of captures of one host's interfaces. Exit status: 0 all is right,
 * 1 something is wrong (one line each on standard error), 2 a file cannot be read or tshark is missing.
 */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture_verify.h"

typedef struct arguments {
    char **files;
    size_t file_count;
    cap_content content;
} arguments;

static const struct argp_option options[] = {
    {"content", 'c', "KIND", OPTION_ARG_OPTIONAL, "Compare the payload, too: `pattern' (default) or `zero'", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case 'c':
        if (text == NULL || strcmp(text, "pattern") == 0) {
            a->content = CAP_CONTENT_PATTERN;
        } else if (strcmp(text, "zero") == 0) {
            a->content = CAP_CONTENT_ZERO;
        } else {
            argp_error(state, "--content=%s: `pattern' or `zero' was expected", text);
        }
        return 0;
    case ARGP_KEY_ARGS:
        a->files = state->argv + state->next;
        a->file_count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS: argp_usage(state); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

/** Segments of the same moment: their DATA_ACKs are looked at when all of them have been seen. */
typedef struct moment {
    cap_segment *segments;
    size_t count, capacity;
} moment;

static void end_moment(cap_verify *v, moment *m) {
    for (size_t i = 0; i < m->count; i++) {
        cap_verify_data_ack(v, &m->segments[i]);
    }
    m->count = 0;
}

static void verify_all(cap_verify *v, cap_reader *r) {
    moment now = {0};
    for (const cap_segment *s; (s = cap_reader_next(r)) != NULL;) {
        if (now.count > 0 && now.segments[0].time_ns != s->time_ns) {
            end_moment(v, &now);
        }
        cap_verify_segment(v, s);
        now.segments = cap_grow(now.segments, &now.capacity, now.count + 1, sizeof *now.segments);
        now.segments[now.count] = *s;
        now.segments[now.count++].payload = NULL;
    }
    end_moment(v, &now);
    free(now.segments);
    cap_verify_end(v);
}

static void print_summary(const cap_verify *v) {
#define X(name, text) printf("%-12" PRIu64 " %s\n", v->name, text);
    CAP_COUNTS(X)
#undef X
    printf("%-12" PRIu64 " errors\n", v->error_count);
}

int main(int argc, char **argv) {
    arguments a = {0};
    const struct argp argp = {
        options, parse, "FILE.pcap...", "Check the MPTCP of captures of one host's interfaces.", NULL, NULL, NULL};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    cap_reader *r = cap_reader_open(a.files, a.file_count);
    if (r == NULL) {
        return 2;
    }
    cap_verify *v = calloc(1, sizeof *v);
    if (v == NULL) {
        fprintf(stderr, "out of memory\n");
        return 2;
    }
    v->content = a.content;
    verify_all(v, r);
    bool is_read = cap_reader_close(r);
    if (is_read) {
        print_summary(v);
    }
    int status = !is_read ? 2 : v->error_count > 0 ? 1 : 0;
    cap_model_free(&v->model);
    free(v);
    return status;
}
