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

bool mpt_sched_holds(const mpt_path *p, uint64_t offset) {
    const mpt_sendq *q = &p->tcp->q;
    for (uint32_t i = 0; i < q->count; i++) {
        const mpt_chunk *k = mpt_sendq_at(q, i);
        if (k->stream_offset <= offset && offset < k->stream_offset + k->bytes)
            return true;
    }
    return false;
}

void mpt_sched_penalise(mpt_path *p, mpt_time now) {
    uint64_t least_bytes = 2 * (uint64_t)p->tcp->cc.mss_bytes, half = p->tcp->cc.cwnd_bytes / 2;
    if (now - p->penalised_at < p->tcp->rto.srtt_ns || p->tcp->ca != MPT_CA_OPEN)
        return;
    p->penalised_at = now;
    p->tcp->cc.ssthresh_bytes = p->tcp->cc.cwnd_bytes < p->tcp->cc.ssthresh_bytes ? half : p->tcp->cc.ssthresh_bytes;
    p->tcp->cc.cwnd_bytes = half > least_bytes ? half : least_bytes;
    if (p->tcp->cc.ssthresh_bytes < least_bytes)
        p->tcp->cc.ssthresh_bytes = least_bytes;
}
