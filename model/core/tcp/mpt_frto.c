/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_frto.c: was a timeout needless? F-RTO (RFC 5682 2.1, and 3.1 with SACK): when the head, sent again, is acknowledged, new data leave
 * instead of more of what is held lost, and the next news tell: of what was sent before the timeout and not again, the first
 * copies still arrive; of the new data, there are holes before them. For subflows without timestamps: with them the first
 * acknowledgement tells (Eifel, RFC 3522).
 */
#include "tcp/mpt_tcp.h"

void mpt_frto_timed_out(mpt_tcp *t, bool is_repeated) {
    bool may_tell = t->set->frto && !t->has_timestamps && t->ca < MPT_CA_RECOVERY; /* step 1: not in a recovery */
    if (!is_repeated)
        t->frto = may_tell ? MPT_FRTO_HEAD_SENT : MPT_FRTO_OFF;
}

bool mpt_frto_acked(mpt_tcp *t, uint64_t acked, bool has_original, bool has_later, bool is_duplicate) {
    if (!t->has_sack && is_duplicate)
        t->frto = MPT_FRTO_OFF; /* 2.1: what the copy of a segment that had arrived brings looks the same as a loss */
    switch (t->frto) {
    case MPT_FRTO_OFF: break;
    case MPT_FRTO_HEAD_SENT: /* step 2 */
        if (acked > 0)
            t->frto = t->snd_una < t->ca_end ? MPT_FRTO_NEW_DATA : MPT_FRTO_OFF;
        t->node->has_frto |= mpt_frto_holds(t);
        break;
    case MPT_FRTO_NEW_DATA: /* step 3 */
        if (has_later)
            t->frto = MPT_FRTO_OFF;
        else if (has_original)
            return true;
        break;
    }
    return false;
}

bool mpt_frto_give_up(mpt_tcp *t, mpt_time now) {
    bool is_new_sent = t->snd_nxt > t->ca_end;
    if (t->frto != MPT_FRTO_NEW_DATA || is_new_sent || mpt_pacing_holds(t, now))
        return false;
    t->frto = MPT_FRTO_OFF;
    return true;
}
