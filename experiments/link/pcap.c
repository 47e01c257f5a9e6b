/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcap.c: captures at the hosts' interfaces, of IPv4 packets with nanoseconds: the bytes that ns-3 writes, too. */
#define _GNU_SOURCE 1

#include "net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAGIC_NS = 0xa1b23c4d, LINKTYPE_RAW = 101, SNAPLEN = 65535, PROTOCOL_TCP = 6 };

static void write32(FILE *f, uint32_t value) {
    fwrite(&value, sizeof value, 1, f);
}

static bool fail(const char *name) {
    fprintf(stderr, "mptcp-run: --pcap: cannot write %s: %s\n", name, strerror(errno));
    return false;
}

static bool open_one(struct interface *at, const char *folder, size_t use) {
    char name[4096];
    const char *host = at->host->name, *path = at->path->spec->name;

    if (use > 1)
        snprintf(name, sizeof name, "%s/%s-%s-%zu.pcap", folder, host, path, use);
    else
        snprintf(name, sizeof name, "%s/%s-%s.pcap", folder, host, path);
    at->pcap = fopen(name, "wb");
    if (!at->pcap)
        return fail(name);
    write32(at->pcap, MAGIC_NS);
    write32(at->pcap, 2 | 4 << 16); /* version */
    write32(at->pcap, 0);
    write32(at->pcap, 0);
    write32(at->pcap, SNAPLEN);
    write32(at->pcap, LINKTYPE_RAW);
    return true;
}

/* Make the folder and those above it. */
static bool make_folder(const char *folder) {
    char *path = strdup(folder);
    bool is_good = path != NULL;

    for (char *slash = path; is_good && slash;) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = 0;
        is_good = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (slash)
            *slash = '/';
    }
    free(path);
    return is_good || fail(folder);
}

bool pcap_open_all(struct net *n, const char *folder) {
    if (!make_folder(folder))
        return false;
    for (size_t i = 0; i < n->path_count; i++) {
        struct path *p = &n->paths[i];

        for (size_t j = 0; j < p->interface_count; j++) {
            size_t use = 0;

            for (size_t k = 0; k <= j; k++)
                use += p->interfaces[k].host == p->interfaces[j].host;
            if (!open_one(&p->interfaces[j], folder, use))
                return false;
        }
    }
    return true;
}

/* ---- Identification ---------------------------------------------------------------------------------------- */

/* Packets that a host has sent from one address to another. */
struct ip_ids {
    struct ip_ids *next;
    mpt_addr source, destination;
    uint16_t sent;
};

uint16_t pcap_ip_id(struct host *h, const mpt_segment *s) {
    struct ip_ids *of = h->ids;

    while (of && !(mpt_addr_equal(&of->source, &s->source) && mpt_addr_equal(&of->destination, &s->destination)))
        of = of->next;
    if (!of) {
        of = calloc(1, sizeof *of);
        if (!of)
            abort();
        *of = (struct ip_ids){h->ids, s->source, s->destination, 0};
        h->ids = of;
    }
    return of->sent++;
}

static void free_ids(struct host *h) {
    while (h->ids) {
        struct ip_ids *of = h->ids;

        h->ids = of->next;
        free(of);
    }
}

/* ---- Packets ----------------------------------------------------------------------------------------------- */

static void put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

void pcap_write(struct interface *at, const struct packet *p) {
    const mpt_segment *s = &p->segment;
    uint8_t ip[IPV4_HEADER_BYTES] = {0x45, s->ecn, [8] = p->ttl, PROTOCOL_TCP};
    int64_t now = at->net->clock.now_ns;

    put16(ip + 2, p->ip_bytes);
    put16(ip + 4, p->ip_id);
    memcpy(ip + 12, s->source.bytes, 4);
    memcpy(ip + 16, s->destination.bytes, 4);
    write32(at->pcap, (uint32_t)(now / MPT_S));
    write32(at->pcap, (uint32_t)(now % MPT_S));
    write32(at->pcap, p->ip_bytes);
    write32(at->pcap, p->ip_bytes);
    fwrite(ip, sizeof ip, 1, at->pcap);
    fwrite(s->header, s->header_bytes, 1, at->pcap);
    for (uint32_t i = 0; i < s->payload_bytes; i++)
        putc(p->payload ? p->payload[i] : 0, at->pcap);
}

bool pcap_close_all(struct net *n) {
    bool is_good = true;

    for (size_t i = 0; i < n->spec->hosts.count; i++)
        free_ids(&n->hosts[i]);
    for (size_t i = 0; i < n->path_count; i++) {
        for (size_t j = 0; j < n->paths[i].interface_count; j++) {
            FILE *f = n->paths[i].interfaces[j].pcap;

            n->paths[i].interfaces[j].pcap = NULL;
            if (f) {
                bool was_good = !ferror(f);

                is_good = fclose(f) == 0 && was_good && is_good;
            }
        }
    }
    return is_good || fail("all of a capture");
}
