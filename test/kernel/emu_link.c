/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emu_link.h"

#include <stdlib.h>
#include <string.h>

#include "ip_packet.h"
#include "wire/mpt_wire.h"
#include "sim_fail.h"
#include "sim_link.h"

#define LATE_NS (2 * MPT_MS) /* a packet delivered later than this was held up by this machine, not by the link */

/* ---- Queue and rate --------------------------------------------------------------------------------------- */

/** @return when its transmission ends, or MPT_NEVER: the queue is full. */
static mpt_time enqueue(emu_link *l, const uint8_t *packet, uint32_t bytes, mpt_time now) {
    const emu_settings *s = &l->settings;
    mpt_segment segment;
    bool may_pass =
        s->acks_pass && l->waiting < EMU_QUEUE_MAX && ip_parse(&segment, packet, bytes) && segment.payload_bytes == 0;
    while (l->waiting > 0 && l->departures[l->first] <= now) {
        l->first = (l->first + 1) % EMU_QUEUE_MAX;
        l->waiting--;
    }
    if (l->waiting >= s->queue_packets && !may_pass) {
        return MPT_NEVER;
    }
    mpt_time start = l->busy_until > now ? l->busy_until : now;
    l->busy_until = start + (s->rate_bps == 0 ? 0 : (mpt_time)((uint64_t)bytes * 8 * 1000000000 / s->rate_bps));
    l->departures[(l->first + l->waiting++) % EMU_QUEUE_MAX] = l->busy_until;
    return l->busy_until;
}

/* ---- On the way ------------------------------------------------------------------------------------------- */

/** Behind all that are due no later. */
static void insert(emu_link *l, emu_packet *p) {
    emu_packet **at = &l->head;
    if (l->tail != NULL && l->tail->due <= p->due) {
        at = &l->tail->next;
    } else {
        while (*at != NULL && (*at)->due <= p->due) {
            at = &(*at)->next;
        }
    }
    p->next = *at;
    *at = p;
    if (p->next == NULL) {
        l->tail = p;
    }
}

static bool is_stripped(emu_strip which, const mpt_segment *s) {
    uint8_t flags = s->header[13];
    switch (which) {
    case EMU_STRIP_NONE: return false;
    case EMU_STRIP_SYN: return flags & MPT_SYN;
    case EMU_STRIP_SYNACK: return (flags & MPT_SYN) && (flags & MPT_ACK);
    case EMU_STRIP_DATA: return s->payload_bytes > 0;
    case EMU_STRIP_ALL: return true;
    }
    return false;
}

/** Remove the MPTCP options, as a box that knows TCP checksums but not MPTCP. */
static void strip(emu_packet *p, emu_strip which) {
    mpt_segment s;
    if (!ip_parse(&s, p->data, p->bytes) || !is_stripped(which, &s)) {
        return;
    }
    uint8_t *header = p->data + p->bytes - s.payload_bytes - s.header_bytes;
    sim_strip_mptcp(s.header, s.header_bytes);
    mpt_segment_seal(&s, s.payload);
    memcpy(header, s.header, s.header_bytes);
}

/** Where the checksum of a DSS is, when the header has one: at the option's end. @return 0: none */
static uint32_t dss_sum_at(const mpt_segment *s) {
    mpt_wire w = {0};
    if (mpt_wire_decode(&w, s->header, s->header_bytes) || !(w.mptcp & 1u << MPT_DSS) || !w.dss.has_checksum ||
        w.dss.length == 0) {
        return 0;
    }
    for (uint32_t i = 20; i < s->header_bytes; i += s->header[i] == 1 ? 1 : s->header[i + 1]) {
        if (s->header[i] == 30 && s->header[i + 2] >> 4 == MPT_DSS) {
            return i + s->header[i + 1] - 2;
        }
    }
    return 0;
}

/** As if a box had changed the payload, which stays what it is: the other checks of content still hold. */
static void spoil_sum(emu_link *l, emu_packet *p) {
    mpt_segment s;
    uint32_t at;
    if (l->settings.badsum_nth == 0 || !ip_parse(&s, p->data, p->bytes) || (at = dss_sum_at(&s)) == 0 ||
        s.payload_bytes == 0 || ++l->dss_sums < l->settings.badsum_nth) {
        return;
    }
    uint8_t *header = p->data + p->bytes - s.payload_bytes - s.header_bytes;
    s.header[at] ^= 1;
    mpt_segment_seal(&s, s.payload);
    memcpy(header, s.header, s.header_bytes);
}

void emu_link_put(emu_link *l, const uint8_t *packet, uint32_t bytes, mpt_time now) {
    const emu_settings *s = &l->settings;
    mpt_time departure = enqueue(l, packet, bytes, now);
    if (departure == MPT_NEVER) {
        l->dropped_queue++;
        return;
    }
    bool is_lost = sim_rng_chance(&l->rng, s->loss_ppm), is_late = sim_rng_chance(&l->rng, s->reorder_ppm);
    is_lost |= ++l->put_count >= s->lose_from && l->put_count <= s->lose_to;
    if (is_lost || l->is_broken) {
        l->dropped_loss++;
        return;
    }
    emu_packet *p = malloc(sizeof *p + bytes);
    SIM_REQUIRE(p != NULL, "out of memory");
    p->due = departure + s->delay_ns + (is_late ? s->reorder_ns : 0);
    p->bytes = bytes;
    memcpy(p->data, packet, bytes);
    strip(p, s->strip);
    spoil_sum(l, p);
    insert(l, p);
}

mpt_time emu_link_due(const emu_link *l) {
    return l->head == NULL ? MPT_NEVER : l->head->due;
}

static void count(emu_link *l, const emu_packet *p, mpt_time now) {
    mpt_segment s;
    mpt_time lag = now - p->due;
    uint32_t payload_bytes = ip_parse(&s, p->data, p->bytes) ? s.payload_bytes : 0;
    l->packets++;
    l->payload_bytes += payload_bytes;
    l->late_packets += lag > LATE_NS;
    l->lag_max_ns = lag > l->lag_max_ns ? lag : l->lag_max_ns;
    if (payload_bytes > 0 && l->mended_at > 0 && l->back_after_ns == 0) {
        l->back_after_ns = now - l->mended_at;
    }
}

emu_packet *emu_link_take(emu_link *l, mpt_time now) {
    emu_packet *p = l->head;
    if (p == NULL || p->due > now) {
        return NULL;
    }
    l->head = p->next;
    if (l->head == NULL) {
        l->tail = NULL;
    }
    count(l, p, now);
    return p;
}

void emu_link_clear(emu_link *l) {
    while (l->head != NULL) {
        emu_packet *p = l->head;
        l->head = p->next;
        free(p);
    }
    l->tail = NULL;
}
