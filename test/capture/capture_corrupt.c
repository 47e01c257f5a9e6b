/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mptcp-capture-corrupt IN OUT --kind KIND: a copy of a capture with one thing wrong, to show that the checker notices.
 * Works on any link type: it looks for the IP header. Exit status: 0 done, 2 unreadable, 3 nothing of that kind in IN.
 */
#include <argp.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_UNREADABLE = 2, EXIT_NOT_FOUND = 3 };
enum { FIN = 0x01, SYN = 0x02, RST = 0x04, ACK = 0x10 };
enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_MPTCP = 30 };
enum { CAPABLE = 0, JOIN = 1, DSS = 2, ADD_ADDR = 3 };
enum { DSS_A = 0x01, DSS_A8 = 0x02, DSS_M = 0x04, DSS_M8 = 0x08, DSS_F = 0x10 };

/** A capture in memory. */
typedef struct capture {
    uint8_t *bytes;
    size_t count;
    bool is_swapped;
} capture;

/** A TCP segment in it. */
typedef struct segment {
    uint8_t *tcp;
    uint32_t header_bytes, payload_bytes;
} segment;

/** An MPTCP option of a segment. */
typedef struct tcp_option {
    uint8_t *at;
    uint8_t length, subtype;
} tcp_option;

/* ---- Finding segments and options ----------------------------------------------------------------------------- */

static uint16_t get16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t record_bytes(const capture *c, size_t at) {
    uint32_t value;
    memcpy(&value, c->bytes + at + 8, sizeof value);
    return c->is_swapped ? __builtin_bswap32(value) : value;
}

/** @return true when an IP packet with TCP starts here and fills the rest but for a short trailer. */
static bool parse_ip(uint8_t *ip, size_t rest, segment *s) {
    enum { TRAILER_BYTES_MAX = 64 };
    size_t head = 0, total = 0;
    if (rest >= 40 && ip[0] >> 4 == 4 && (ip[0] & 15) >= 5 && ip[9] == 6) {
        head = (size_t)(ip[0] & 15) * 4;
        total = get16(ip + 2);
    } else if (rest >= 60 && ip[0] >> 4 == 6 && ip[6] == 6) {
        head = 40;
        total = head + get16(ip + 4);
    }
    if (head == 0 || total < head + 20 || total > rest || rest - total > TRAILER_BYTES_MAX) {
        return false;
    }
    s->tcp = ip + head;
    s->header_bytes = (uint32_t)(s->tcp[12] >> 4) * 4;
    if (s->header_bytes < 20 || head + s->header_bytes > total) {
        return false;
    }
    s->payload_bytes = (uint32_t)(total - head - s->header_bytes);
    return true;
}

static bool parse_packet(uint8_t *packet, size_t bytes, segment *s) {
    enum { LINK_HEADER_BYTES_MAX = 128 };
    for (size_t at = 0; at <= LINK_HEADER_BYTES_MAX && at < bytes; at++) {
        if (parse_ip(packet + at, bytes - at, s)) {
            return true;
        }
    }
    return false;
}

/** @return the next MPTCP option after *at (an offset into the header, first 20). */
static bool next_option(const segment *s, uint32_t *at, tcp_option *o) {
    while (*at + 1 < s->header_bytes && s->tcp[*at] != OPTION_END) {
        uint8_t *p = s->tcp + *at;
        uint8_t length = p[0] == OPTION_NOP ? 1 : p[1];
        if (length == 0 || *at + length > s->header_bytes) {
            return false;
        }
        *at += length;
        if (p[0] == OPTION_MPTCP && length >= 3) {
            *o = (tcp_option){p, length, p[2] >> 4};
            return true;
        }
    }
    return false;
}

/* ---- What to make wrong --------------------------------------------------------------------------------------- */

/** @return offset of the DSN in a DSS with a mapping. */
static uint32_t dsn_at(const tcp_option *o) {
    return 4 + (!(o->at[3] & DSS_A) ? 0u : o->at[3] & DSS_A8 ? 8u : 4u);
}

static uint32_t ssn_at(const tcp_option *o) {
    return dsn_at(o) + (o->at[3] & DSS_M8 ? 8u : 4u);
}

static bool has_map(const segment *s, const tcp_option *o) {
    return o->subtype == DSS && (o->at[3] & DSS_M) && s->payload_bytes > 64 && !(o->at[3] & DSS_F);
}

static bool is_syn(const segment *s, int flags) {
    return (s->tcp[13] & (SYN | ACK)) == flags;
}

static bool is_join_syn(const segment *s, const tcp_option *o) {
    return o->subtype == JOIN && is_syn(s, SYN);
}

static bool is_join_synack(const segment *s, const tcp_option *o) {
    return o->subtype == JOIN && is_syn(s, SYN | ACK);
}

static bool is_join_ack(const segment *s, const tcp_option *o) {
    return o->subtype == JOIN && is_syn(s, ACK);
}

static bool is_capable_ack(const segment *s, const tcp_option *o) {
    return o->subtype == CAPABLE && is_syn(s, ACK) && o->length >= 20;
}

static bool is_add_addr(const segment *s, const tcp_option *o) {
    (void)s;
    return o->subtype == ADD_ADDR && !(o->at[2] & 1);
}

static bool is_pure_data_ack(const segment *s, const tcp_option *o) {
    return o->subtype == DSS && (o->at[3] & DSS_A) && s->payload_bytes == 0 && !(s->tcp[13] & (SYN | FIN | RST));
}

static bool has_checksum(const segment *s, const tcp_option *o) {
    return has_map(s, o) && o->length >= ssn_at(o) + 8;
}

static bool is_data_fin(const segment *s, const tcp_option *o) {
    (void)s;
    return o->subtype == DSS && (o->at[3] & DSS_M) && (o->at[3] & DSS_F);
}

static void flip_5(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[5] ^= 1;
}

static void flip_9(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[9] ^= 1;
}

static void flip_key_echo(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[14] ^= 1;
}

static void flip_last(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[o->length - 1] ^= 1;
}

/** The data sequence number is off by 1024. */
static void shift_dsn(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[ssn_at(o) - 2] ^= 4;
}

/** The subflow sequence number is off by 2048. */
static void shift_ssn(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[ssn_at(o) + 2] ^= 8;
}

/** The mapping covers one byte only. */
static void shorten_map(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[ssn_at(o) + 4] = 0;
    o->at[ssn_at(o) + 5] = 1;
}

/** A gigabyte up or down: never acknowledged, never sent. */
static void shift_data_ack(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[dsn_at(o) - 4] ^= 0x40;
}

static void flip_payload(const segment *s, const tcp_option *o) {
    (void)o;
    s->tcp[s->header_bytes + s->payload_bytes - 5] ^= 1;
}

/** The DATA_FIN's last bits move the end of the data. */
static void shift_data_fin(const segment *s, const tcp_option *o) {
    (void)s;
    o->at[ssn_at(o) - 1] ^= 2;
}

static void strip(const segment *s, const tcp_option *o) {
    (void)s;
    memset(o->at, OPTION_NOP, o->length);
}

typedef struct kind {
    const char *name;
    bool (*matches)(const segment *s, const tcp_option *o);
    void (*change)(const segment *s, const tcp_option *o);
    uint32_t skip;         /**< matches to leave alone first, as far as there are more */
    bool is_whole_mapping; /**< change every copy of the mapping */
} kind;

static const kind kinds[] = {
    {"join_token", is_join_syn, flip_5, 0, false},
    {"join_synack_hmac", is_join_synack, flip_5, 0, false},
    {"join_ack_hmac", is_join_ack, flip_9, 0, false},
    {"key_echo", is_capable_ack, flip_key_echo, 0, false},
    {"add_addr_hmac", is_add_addr, flip_last, 0, false},
    {"dsn", has_map, shift_dsn, 50, false},
    {"ssn", has_map, shift_ssn, 50, false},
    {"map_length", has_map, shorten_map, 50, false},
    {"data_ack", is_pure_data_ack, shift_data_ack, 20, false},
    {"payload", has_map, flip_payload, 50, false},
    {"strip_dss", has_map, strip, 50, true},
    {"data_fin", is_data_fin, shift_data_fin, 0, false},
    {"dss_checksum", has_checksum, flip_last, 50, false},
};

/* ---- Going through a capture ------------------------------------------------------------------------------------ */

/** Call @p visit for each MPTCP option until it returns false. */
static void each_option(capture *c, bool (*visit)(void *user, const segment *s, const tcp_option *o), void *user) {
    for (size_t at = 24; at + 16 <= c->count;) {
        uint32_t bytes = record_bytes(c, at);
        segment s;
        if (bytes > c->count - at - 16) {
            return;
        }
        if (parse_packet(c->bytes + at + 16, bytes, &s)) {
            tcp_option o;
            for (uint32_t i = 20; next_option(&s, &i, &o);) {
                if (!visit(user, &s, &o)) {
                    return;
                }
            }
        }
        at += 16 + bytes;
    }
}

typedef struct search {
    const kind *kind;
    uint32_t found;
    uint32_t target; /**< which match to change; UINT32_MAX = only count */
    segment segment;
    tcp_option option;
} search;

static bool visit_match(void *user, const segment *s, const tcp_option *o) {
    search *x = user;
    if (!x->kind->matches(s, o)) {
        return true;
    }
    x->segment = *s;
    x->option = *o;
    return x->found++ != x->target;
}

/** The DSN, SSN and length that all copies of a mapping share. */
typedef struct copies {
    uint8_t key[14];
    uint32_t key_bytes;
} copies;

static bool visit_copy(void *user, const segment *s, const tcp_option *o) {
    const copies *x = user;
    if (o->subtype == DSS && (o->at[3] & DSS_M) && dsn_at(o) + x->key_bytes <= o->length &&
        memcmp(o->at + dsn_at(o), x->key, x->key_bytes) == 0) {
        strip(s, o);
    }
    return true;
}

static bool corrupt(capture *c, const kind *k) {
    search x = {.kind = k, .target = UINT32_MAX};
    each_option(c, visit_match, &x);
    if (x.found == 0) {
        return false;
    }
    x.target = k->skip < x.found ? k->skip : x.found / 2;
    x.found = 0;
    each_option(c, visit_match, &x);
    if (k->is_whole_mapping) {
        copies all = {.key_bytes = ssn_at(&x.option) - dsn_at(&x.option) + 6};
        memcpy(all.key, x.option.at + dsn_at(&x.option), all.key_bytes);
        each_option(c, visit_copy, &all);
    } else {
        k->change(&x.segment, &x.option);
    }
    return true;
}

/* ---- Files ---------------------------------------------------------------------------------------------------- */

static bool read_capture(const char *file, capture *c) {
    static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d};
    FILE *f = fopen(file, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        perror(file);
        return false;
    }
    c->count = (size_t)ftell(f);
    rewind(f);
    c->bytes = malloc(c->count + 1);
    bool is_read = c->bytes != NULL && fread(c->bytes, 1, c->count, f) == c->count && c->count >= 24;
    fclose(f);
    if (is_read) {
        uint32_t magic;
        memcpy(&magic, c->bytes, sizeof magic);
        for (size_t i = 0; i < 2; i++) {
            if (magic == magics[i] || magic == __builtin_bswap32(magics[i])) {
                c->is_swapped = magic != magics[i];
                return true;
            }
        }
    }
    fprintf(stderr, "%s: not a pcap file\n", file);
    return false;
}

static bool write_capture(const char *file, const capture *c) {
    FILE *f = fopen(file, "wb");
    if (f == NULL || fwrite(c->bytes, 1, c->count, f) != c->count || fclose(f) != 0) {
        perror(file);
        return false;
    }
    return true;
}

/* ---- Command line --------------------------------------------------------------------------------------------- */

typedef struct arguments {
    const char *files[2];
    const kind *kind;
} arguments;

static const struct argp_option options[] = {
    {"kind", 'k', "KIND", 0, "What to make wrong", 0}, {"list", 'l', NULL, 0, "Print the kinds", 0}, {0}};

static void list_kinds(void) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        printf("%s\n", kinds[i].name);
    }
    exit(0);
}

static const kind *find_kind(const char *name, struct argp_state *state) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    argp_error(state, "--kind=%s: no such kind, see --list", name);
    return NULL;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case 'k': a->kind = find_kind(text, state); return 0;
    case 'l': list_kinds(); return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num >= 2) {
            return ARGP_ERR_UNKNOWN;
        }
        a->files[state->arg_num] = text;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num != 2 || a->kind == NULL) {
            argp_usage(state);
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv) {
    arguments a = {0};
    const struct argp argp = {options, parse, "IN OUT", "Copy a capture with one thing wrong.", NULL, NULL, NULL};
    argp_err_exit_status = EXIT_UNREADABLE;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    capture c = {0};
    if (!read_capture(a.files[0], &c)) {
        return EXIT_UNREADABLE;
    }
    int status = 0;
    if (!corrupt(&c, a.kind)) {
        fprintf(stderr, "%s: nothing to corrupt for %s\n", a.files[0], a.kind->name);
        status = EXIT_NOT_FOUND;
    } else if (!write_capture(a.files[1], &c)) {
        status = EXIT_UNREADABLE;
    }
    free(c.bytes);
    return status;
}
