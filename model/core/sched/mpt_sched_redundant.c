/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_redundant.c: everything on every path, each at its own speed (Froemmgen et al., ReMP TCP, ICC 2016; the scheduler "redundant" of
 * multipath-tcp.org). A path goes through the stream from where it stands; what was acknowledged meanwhile it leaves out. Who is foremost takes new data.
 */
#include "sched/mpt_sched.h"

/** State of a path. */
typedef struct cursor {
    uint64_t next; /**< stream offset that this path has not carried yet */
} cursor;

/** Where path @p i goes on. Others may have put data here: what a dead path left behind, a loss probe. */
static uint64_t stands_at(const mpt_sched_view *v, uint32_t i) {
    cursor *own = mpt_sched_path_priv(v, i);
    own->next = own->next > v->snd_una ? own->next : v->snd_una;
    uint64_t before;
    do {
        before = own->next;
        own->next = mpt_sched_held_until(v->paths[i], before);
    } while (own->next > before);
    return own->next;
}

static mpt_sched_choice next(const mpt_sched_view *v) {
    uint32_t best = v->count;
    mpt_time least = MPT_NEVER;
    uint64_t best_offset = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        uint64_t offset = mpt_sched_has_room(v, i) ? stands_at(v, i) : v->snd_end;
        mpt_time ns = offset < v->snd_end ? mpt_sched_arrival(v, i) : MPT_NEVER;
        if (ns < least) {
            least = ns;
            best = i;
            best_offset = offset;
        }
    }
    if (best == v->count)
        return mpt_sched_wait(MPT_NEVER);
    return best_offset < v->snd_nxt ? mpt_sched_copy(best, best_offset) : mpt_sched_new(v, best);
}

static void on_event(const mpt_sched_event *e) {
    cursor *own = e->path_priv;
    if (e->offset <= own->next && own->next < e->offset + e->bytes)
        own->next = e->offset + e->bytes;
}

const mpt_sched_ops mpt_sched_redundant = {
    .name = "redundant",
    .path_priv_bytes = sizeof(cursor),
    .makes_copies = true,
    .takes_no_copies = true,
    .events = MPT_SCHED_EVENT(MPT_SCHED_SENT),
    .next = next,
    .on_event = on_event,
};
