/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_blackhole.c: destinations on whose way something drops SYNs with MP_CAPABLE. As Linux's net.mptcp.blackhole_timeout, but for each
 * address: what sits before one host says nothing of another (RFC 8684 3.9: "heuristics" against such paths).
 */
#include "host/mpt_host.h"

enum { DOUBLINGS_MAX = 6 };

static uint32_t find(const mpt_stack *st, const mpt_addr *remote) {
    uint32_t i = 0;
    while (i < st->blackhole_count && !mpt_addr_equal(&st->blackholes[i].addr, remote))
        i++;
    return i;
}

bool mpt_blackhole_is_known(const mpt_stack *st, const mpt_addr *remote, mpt_time now) {
    uint32_t i = find(st, remote);
    return i < st->blackhole_count && now < st->blackholes[i].until;
}

/** The one that ends soonest makes room. */
static uint32_t soonest(const mpt_stack *st) {
    uint32_t found = 0;
    for (uint32_t i = 1; i < st->blackhole_count; i++)
        if (st->blackholes[i].until < st->blackholes[found].until)
            found = i;
    return found;
}

void mpt_blackhole_found(mpt_stack *st, const mpt_addr *remote, mpt_time first_ns, mpt_time now) {
    if (first_ns == 0)
        return;
    uint32_t i = find(st, remote);
    if (i == st->blackhole_count) {
        i = st->blackhole_count < MPT_BLACKHOLES_MAX ? st->blackhole_count++ : soonest(st);
        st->blackholes[i] = (mpt_blackhole){.addr = *remote};
    }
    mpt_blackhole *b = &st->blackholes[i];
    b->until = now + (first_ns << (b->times < DOUBLINGS_MAX ? b->times : DOUBLINGS_MAX));
    b->times++;
    MPT_COUNT(st, Blackhole);
}

void mpt_blackhole_gone(mpt_stack *st, const mpt_addr *remote) {
    uint32_t i = find(st, remote);
    if (i < st->blackhole_count)
        st->blackholes[i] = st->blackholes[--st->blackhole_count];
}
