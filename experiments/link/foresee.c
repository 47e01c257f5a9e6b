/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * foresee.c: of thousands of connections hardly one is in the caches. What a packet is about is fetched while those before it arrive: what is fetched
 * when it is three ahead is read when it is two ahead, to fetch what it points to, and so on.
 */
#include "net.h"

#include <stddef.h>

static void fetch(const void *from, size_t bytes) {
    for (size_t i = 0; i < bytes; i += CACHE_LINE_BYTES)
        __builtin_prefetch((const char *)from + i, 1);
    __asm__ volatile(""); /* see packet_prefetch() */
}

static void fetch_end(const struct byte_log *log) {
    if (log && log->count > 0)
        fetch(&log->at[log->count - 1], 2 * sizeof *log->at);
}

static void fetch_flow(const struct net *n, size_t index, bool is_at_server) {
    const struct flow *f = &n->flows[index];

    fetch(f, offsetof(struct flow, settings));
    fetch(is_at_server ? &f->server : &f->client, sizeof f->server);
    fetch(&n->record->flows[index], sizeof *n->record->flows);
    fetch(&n->spec->flows.at[index], sizeof *n->spec->flows.at);
}

/* Where payload that arrives is counted. */
static void foresee_payload(const struct flow *f, const struct path *from, const struct path *to, bool is_at_server,
                            unsigned ahead) {
    const struct scn_path *paths = f->net->spec->paths.at;

    if (ahead == 2) {
        fetch(f->logs, 1);
        fetch(f->record->paths, f->record->path_count * sizeof *f->record->paths);
        fetch_end(&f->record->delivered);
        return;
    }
    fetch_end(f->logs[to->spec - paths][!is_at_server]);
    fetch_end(from ? f->logs[from->spec - paths][is_at_server] : NULL);
}

/* Where the round-trip times of an acknowledgement are kept. */
static void foresee_acknowledgement(const struct subflow_log *subflows, unsigned ahead) {
    if (ahead == 2)
        fetch(subflows->at, subflows->count * sizeof *subflows->at);
    else if (subflows->count > 0 && subflows->at->spans)
        fetch(&subflows->at->spans[subflows->at->span_count], 1);
}

void net_foresee(void *net, const struct packet *p, unsigned ahead) {
    const struct net *n = net;
    const mpt_segment *s = &p->segment;
    const struct interface *from = net_interface_of(n, &s->source), *to = net_interface_of(n, &s->destination);
    uint16_t source = (uint16_t)(s->header[0] << 8 | s->header[1]),
             destination = (uint16_t)(s->header[2] << 8 | s->header[3]);
    bool is_at_server = destination < source; /* the servers' ports are below those of clients */
    size_t index = (size_t)(is_at_server ? destination : source) - PORT_FIRST;

    if (!to || !to->host->stack)
        return;
    mpt_stack_foresee(to->host->stack, s, ahead);
    if (index >= n->spec->flows.count)
        return;
    if (ahead > 2)
        fetch_flow(n, index, is_at_server);
    else if (s->payload_bytes > 0)
        foresee_payload(&n->flows[index], from ? from->path : NULL, to->path, is_at_server, ahead);
    else
        foresee_acknowledgement(&n->record->flows[index].subflows[!is_at_server], ahead);
}
