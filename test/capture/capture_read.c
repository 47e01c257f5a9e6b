/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "capture_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* X(name of the column, tshark's field) */
/* clang-format off */
#define COLUMNS(X)                                                                                                   \
    X(FRAME, "frame.number")                                                                                         \
    X(TIME, "frame.time_epoch")                                                                                      \
    X(SOURCE4, "ip.src")                                                                                             \
    X(DESTINATION4, "ip.dst")                                                                                        \
    X(SOURCE6, "ipv6.src")                                                                                           \
    X(DESTINATION6, "ipv6.dst")                                                                                      \
    X(SOURCE_PORT, "tcp.srcport")                                                                                    \
    X(DESTINATION_PORT, "tcp.dstport")                                                                               \
    X(FLAGS, "tcp.flags")                                                                                            \
    X(SEQ, "tcp.seq_raw")                                                                                            \
    X(ACK, "tcp.ack_raw")                                                                                            \
    X(LENGTH, "tcp.len")                                                                                             \
    X(SUBTYPE, "tcp.options.mptcp.subtype")                                                                          \
    X(VERSION, "tcp.options.mptcp.version")                                                                          \
    X(SEND_KEY, "tcp.options.mptcp.sendkey")                                                                         \
    X(RECEIVE_KEY, "tcp.options.mptcp.recvkey")                                                                      \
    X(RECEIVE_TOKEN, "tcp.options.mptcp.recvtok")                                                                    \
    X(SEND_RANDOM, "tcp.options.mptcp.sendrand")                                                                     \
    X(SEND_HMAC64, "tcp.options.mptcp.sendtrunchmac")                                                                \
    X(SEND_HMAC160, "tcp.options.mptcp.sendhmac")                                                                    \
    X(ADDR_ID, "tcp.options.mptcp.addrid")                                                                           \
    X(ADD_ADDR_HMAC, "tcp.options.mptcp.addaddrtrunchmac")                                                           \
    X(ADD_ADDR4, "tcp.options.mptcp.ipv4")                                                                           \
    X(ADD_ADDR6, "tcp.options.mptcp.ipv6")                                                                           \
    X(ADD_ADDR_PORT, "tcp.options.mptcp.port")                                                                       \
    X(ECHO, "tcp.options.mptcp.echo")                                                                                \
    X(DATA_ACK, "tcp.options.mptcp.rawdataack")                                                                      \
    X(ACK64, "tcp.options.mptcp.dataack8.flag")                                                                      \
    X(DSN, "tcp.options.mptcp.rawdataseqno")                                                                         \
    X(DSN64, "tcp.options.mptcp.dseqn8.flag")                                                                        \
    X(SSN, "tcp.options.mptcp.subflowseqno")                                                                         \
    X(DATA_LENGTH, "tcp.options.mptcp.datalvllen")                                                                   \
    X(DATA_FIN, "tcp.options.mptcp.datafin.flag")                                                                    \
    X(OPTIONS, "tcp.options")                                                                                        \
    X(PAYLOAD, "tcp.payload")
/* clang-format on */

enum {
#define X(name, field) COLUMN_##name,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
};

static const char *const fields[] = {
#define X(name, field) field,
    COLUMNS(X)
#undef X
};

typedef struct stream {
    const char *file;
    pid_t pid;
    FILE *out;
    char *line;
    size_t line_capacity;
    cap_segment segment;
    size_t payload_capacity;
    bool is_ready; /**< segment holds the next one of this file */
} stream;

struct cap_reader {
    stream *streams;
    size_t count;
    stream *given; /**< the one whose segment the caller has */
};

/* ---- One line of tshark's ----------------------------------------------------------------------------------- */

static cap_number number(const char *text) {
    return *text == '\0' ? (cap_number){0} : (cap_number){true, strtoull(text, NULL, 0)};
}

/** @return the number after the last comma. */
static cap_number last_number(const char *text) {
    const char *comma = strrchr(text, ',');
    return number(comma == NULL ? text : comma + 1);
}

static bool is_set(const char *text) {
    return *text == '1' || *text == 'T';
}

/** A packet in a tunnel has several addresses: the innermost carries the segment. */
static void endpoint(cap_endpoint *e, const char *v4, const char *v6) {
    const char *text = *v6 != '\0' ? v6 : v4;
    const char *comma = strrchr(text, ',');
    memset(e, 0, sizeof *e);
    e->family = *text == '\0' ? 0 : *v6 != '\0' ? 6 : 4;
    if (e->family != 0 &&
        inet_pton(e->family == 6 ? AF_INET6 : AF_INET, comma == NULL ? text : comma + 1, e->addr) != 1) {
        e->family = 0;
    }
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/** Bytes in hexadecimal, with or without colons. @return how many were written */
static size_t hex_bytes(const char *text, uint8_t *out, size_t most) {
    size_t count = 0;
    while (count < most) {
        text += *text == ':';
        if (hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0) {
            break;
        }
        out[count++] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
        text += 2;
    }
    return count;
}

static int64_t time_ns(const char *text) {
    char *end;
    int64_t ns = strtoll(text, &end, 10) * 1000000000;
    int64_t unit = 100000000;
    for (end += *end == '.'; *end >= '0' && *end <= '9'; end++, unit /= 10) {
        ns += (*end - '0') * unit;
    }
    return ns;
}

/** @return bits of the subtypes; a REMOVE_ADDR in front of an ADD_ADDR has its address ids in front, too. */
static uint32_t subtypes(const char *text, bool *is_add_addr_last) {
    uint32_t bits = 0;
    *is_add_addr_last = false;
    for (char *end; *text != '\0'; text = *end == ',' ? end + 1 : end) {
        unsigned long subtype = strtoul(text, &end, 0);
        if (end == text) {
            break;
        }
        *is_add_addr_last = subtype == CAP_ADD_ADDR && bits & 1u << CAP_REMOVE_ADDR ? true : *is_add_addr_last;
        bits |= subtype < 32 ? 1u << subtype : 0;
    }
    return bits;
}

/**
 * The checksum of a DSS or of MP_CAPABLE with data: the two bytes at the end of an option that is long enough for one.
 * Taken from the raw options, for tshark 4.0 leaves it out where nothing follows it.
 */
static cap_number checksum(const char *text) {
    enum { OPTION_NOP = 1, OPTION_MPTCP = 30, CAPABLE_BYTES = 24, OPTIONS_BYTES_MAX = 40 };
    uint8_t bytes[OPTIONS_BYTES_MAX];
    size_t count = hex_bytes(text, bytes, sizeof bytes);
    for (size_t i = 0; i + 1 < count && bytes[i] != 0;) {
        size_t length = bytes[i] == OPTION_NOP ? 1 : bytes[i + 1];
        if (length == 0 || i + length > count) {
            break;
        }
        if (bytes[i] == OPTION_MPTCP && length >= 4) {
            unsigned subtype = bytes[i + 2] >> 4, flags = bytes[i + 3];
            size_t ack = !(flags & 1) ? 0 : flags & 2 ? 8 : 4, map = !(flags & 4) ? 0 : flags & 8 ? 14 : 10;
            if ((subtype == CAP_CAPABLE && length == CAPABLE_BYTES) ||
                (subtype == CAP_DSS && map > 0 && length == 4 + ack + map + 2)) {
                return (cap_number){true, (uint64_t)bytes[i + length - 2] << 8 | bytes[i + length - 1]};
            }
        }
        i += length;
    }
    return (cap_number){0};
}

static void parse_mptcp(cap_segment *s, char *const column[COLUMN_COUNT]) {
    bool is_add_addr_last;
    s->subtypes = subtypes(column[COLUMN_SUBTYPE], &is_add_addr_last);
    s->version = number(column[COLUMN_VERSION]);
    s->send_key = number(column[COLUMN_SEND_KEY]);
    s->receive_key = number(column[COLUMN_RECEIVE_KEY]);
    s->receive_token = number(column[COLUMN_RECEIVE_TOKEN]);
    s->send_random = number(column[COLUMN_SEND_RANDOM]);
    s->send_hmac64 = number(column[COLUMN_SEND_HMAC64]);
    s->has_hmac160 =
        hex_bytes(column[COLUMN_SEND_HMAC160], s->send_hmac160, sizeof s->send_hmac160) == sizeof s->send_hmac160;
    s->add_addr_id = is_add_addr_last ? last_number(column[COLUMN_ADDR_ID]) : number(column[COLUMN_ADDR_ID]);
    s->add_addr_hmac = number(column[COLUMN_ADD_ADDR_HMAC]);
    s->add_addr_port = number(column[COLUMN_ADD_ADDR_PORT]);
    s->is_add_addr_echo = is_set(column[COLUMN_ECHO]);
    endpoint(&s->add_addr, column[COLUMN_ADD_ADDR4], column[COLUMN_ADD_ADDR6]);
    s->data_ack = number(column[COLUMN_DATA_ACK]);
    s->is_ack64 = is_set(column[COLUMN_ACK64]);
    s->dsn = number(column[COLUMN_DSN]);
    s->is_dsn64 = is_set(column[COLUMN_DSN64]);
    s->ssn = number(column[COLUMN_SSN]);
    s->data_length = number(column[COLUMN_DATA_LENGTH]);
    s->is_data_fin = is_set(column[COLUMN_DATA_FIN]);
    s->checksum = checksum(column[COLUMN_OPTIONS]);
}

static void parse(stream *t, char *const column[COLUMN_COUNT]) {
    cap_segment *s = &t->segment;
    uint8_t *payload = s->payload;
    *s = (cap_segment){.file = t->file, .payload = payload};
    s->frame = number(column[COLUMN_FRAME]).value;
    s->time_ns = time_ns(column[COLUMN_TIME]);
    endpoint(&s->source, column[COLUMN_SOURCE4], column[COLUMN_SOURCE6]);
    endpoint(&s->destination, column[COLUMN_DESTINATION4], column[COLUMN_DESTINATION6]);
    s->source.port = (uint16_t)number(column[COLUMN_SOURCE_PORT]).value;
    s->destination.port = (uint16_t)number(column[COLUMN_DESTINATION_PORT]).value;
    s->flags = (uint8_t)number(column[COLUMN_FLAGS]).value;
    s->seq = (uint32_t)number(column[COLUMN_SEQ]).value;
    s->ack = (uint32_t)number(column[COLUMN_ACK]).value;
    s->payload_bytes = (uint32_t)number(column[COLUMN_LENGTH]).value;
    parse_mptcp(s, column);
    if (s->payload_bytes > t->payload_capacity) {
        t->payload_capacity = s->payload_bytes;
        s->payload = realloc(s->payload, t->payload_capacity);
        if (s->payload == NULL) {
            fprintf(stderr, "out of memory\n");
            exit(2);
        }
    }
    s->captured_bytes = (uint32_t)hex_bytes(column[COLUMN_PAYLOAD], s->payload, s->payload_bytes);
}

static void read_line(stream *t) {
    char *column[COLUMN_COUNT];
    t->is_ready = false;
    while (!t->is_ready && getline(&t->line, &t->line_capacity, t->out) > 0) {
        char *rest = t->line;
        size_t count = 0;
        while (count < COLUMN_COUNT && rest != NULL) {
            column[count++] = strsep(&rest, "\t\n");
        }
        if (count == COLUMN_COUNT && *column[COLUMN_SEQ] != '\0') {
            parse(t, column);
            t->is_ready = true;
        }
    }
}

/* ---- Processes -------------------------------------------------------------------------------------------- */

static bool is_readable(const char *file) {
    FILE *f = fopen(file, "rb");
    if (f == NULL) {
        fprintf(stderr, "%s: %s\n", file, strerror(errno));
        return false;
    }
    fclose(f);
    return true;
}

static bool start(stream *t) {
    const char *argv[16 + 2 * COLUMN_COUNT] = {
        "tshark", "-n",  "-r", t->file, "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "mptcp.analyze_mappings:FALSE",
        "-Y",     "tcp", "-T", "fields"};
    size_t argc = 12;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        argv[argc++] = "-e";
        argv[argc++] = fields[i];
    }
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
        perror("pipe");
        return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&t->pid, "tshark", &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    if (error != 0) {
        fprintf(stderr, "tshark cannot be started: %s\n", strerror(error));
        close(pipe_ends[0]);
        t->pid = 0;
        return false;
    }
    t->out = fdopen(pipe_ends[0], "r");
    return t->out != NULL;
}

static bool finish(stream *t) {
    int status = 0;
    bool is_good = true;
    if (t->out != NULL) {
        fclose(t->out);
    }
    if (t->pid != 0 && waitpid(t->pid, &status, 0) == t->pid && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        fprintf(stderr, "%s: tshark cannot read it%s\n", t->file,
                WIFEXITED(status) && WEXITSTATUS(status) == 127 ? " (no tshark)" : "");
        is_good = false;
    }
    free(t->line);
    free(t->segment.payload);
    return is_good;
}

cap_reader *cap_reader_open(char *const *files, size_t file_count) {
    cap_reader *r = calloc(1, sizeof *r);
    r->streams = calloc(file_count, sizeof *r->streams);
    for (size_t i = 0; i < file_count; i++) {
        stream *t = &r->streams[r->count++];
        t->file = files[i];
        if (!is_readable(files[i]) || !start(t)) {
            cap_reader_close(r);
            return NULL;
        }
    }
    for (size_t i = 0; i < file_count; i++) {
        read_line(&r->streams[i]);
    }
    return r;
}

const cap_segment *cap_reader_next(cap_reader *r) {
    if (r->given != NULL) {
        read_line(r->given);
    }
    r->given = NULL;
    for (size_t i = 0; i < r->count; i++) {
        stream *t = &r->streams[i];
        if (t->is_ready && (r->given == NULL || t->segment.time_ns < r->given->segment.time_ns)) {
            r->given = t;
        }
    }
    return r->given == NULL ? NULL : &r->given->segment;
}

bool cap_reader_close(cap_reader *r) {
    bool is_good = true;
    for (size_t i = 0; i < r->count; i++) {
        is_good = finish(&r->streams[i]) && is_good;
    }
    free(r->streams);
    free(r);
    return is_good;
}
