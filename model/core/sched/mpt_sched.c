/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_sched.c: the table of schedulers, and what several need. */
#include "sched/mpt_sched.h"

#include <string.h>

static const mpt_sched_ops *const schedulers[] = {&mpt_sched_earliest, &mpt_sched_minrtt, &mpt_sched_roundrobin};

const mpt_sched_ops *mpt_sched_find(const char *name) {
    for (size_t i = 0; i < sizeof schedulers / sizeof *schedulers; i++)
        if (strcmp(schedulers[i]->name, name) == 0)
            return schedulers[i];
    return NULL;
}

bool mpt_sched_holds(const mpt_subflow *sf, uint64_t offset) {
    const mpt_sendq *q = &sf->t.q;
    for (uint32_t i = 0; i < q->count; i++) {
        const mpt_chunk *k = mpt_sendq_at(q, i);
        if (k->stream_offset <= offset && offset < k->stream_offset + k->bytes)
            return true;
    }
    return false;
}

void mpt_sched_penalise(mpt_subflow *sf, mpt_time now) {
    uint64_t least_bytes = 2 * (uint64_t)sf->t.cc.mss_bytes, half = sf->t.cc.cwnd_bytes / 2;
    if (now - sf->penalised_at < sf->t.rto.srtt_ns || sf->t.ca != MPT_CA_OPEN)
        return;
    sf->penalised_at = now;
    sf->t.cc.ssthresh_bytes = sf->t.cc.cwnd_bytes < sf->t.cc.ssthresh_bytes ? half : sf->t.cc.ssthresh_bytes;
    sf->t.cc.cwnd_bytes = half > least_bytes ? half : least_bytes;
    if (sf->t.cc.ssthresh_bytes < least_bytes)
        sf->t.cc.ssthresh_bytes = least_bytes;
}
