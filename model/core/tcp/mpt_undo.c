/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_undo.c: was the last reduction of the window a mistake? Three witnesses say so: D-SACKs for all that was sent again since (RFC 2883,
 * 3708), an acknowledgement that echoes the timestamp of a first copy (Eifel, RFC 3522), and F-RTO (mpt_frto.c). What is done then is
 * mpt_recovery_undo()'s.
 */
#include "tcp/mpt_tcp.h"

void mpt_undo_watch(mpt_tcp *t) {
    mpt_undo *u = &t->undo;
    bool has_probe = t->tlp.end != 0 && t->tlp.is_resend, has_copies = t->q.retransmitted_count > 0;
    u->from = t->snd_una;
    if (!has_copies)
        u->to = u->from;
    if (has_probe && t->tlp.end > u->to)
        u->to = t->tlp.end;
    u->copies = t->q.retransmitted_count + has_probe;
    mpt_undo_settled(t);
    t->tlp.end = 0;
}

void mpt_undo_nothing(mpt_tcp *t) {
    t->undo.copies = 0;
    t->undo.first_ts = 0;
}

void mpt_undo_settled(mpt_tcp *t) {
    if (t->q.retransmitted_count > 0)
        return; /* their echoes are older than what is sent again now, yet no first answers (RFC 3522) */
    t->undo.first_ts = 0;
    t->undo.is_one_needed = false;
}

void mpt_undo_resent(mpt_tcp *t, const mpt_chunk *k, mpt_time now) {
    mpt_undo *u = &t->undo;
    u->copies++;
    if (mpt_chunk_end(k) > u->to)
        u->to = mpt_chunk_end(k);
    if (u->first_ts == 0 && t->has_timestamps) {
        uint32_t ts = mpt_tcp_timestamp(t, now);
        u->first_ts = ts ? ts : 1;
    }
}

/** What was sent once came twice: the network doubled it. Of what is acknowledged and gone only the range is known. */
static bool is_doubled_by_the_network(const mpt_tcp *t, uint64_t start) {
    uint32_t i = mpt_sendq_find(&t->q, start);
    const mpt_chunk *k = i < t->q.count ? mpt_sendq_at(&t->q, i) : NULL;
    return k != NULL && k->start == start && !(k->flags & MPT_CHUNK_EVER_RESENT);
}

bool mpt_undo_dsacked(mpt_tcp *t, uint64_t start, uint64_t end) {
    mpt_undo *u = &t->undo;
    if (u->copies == 0 || end <= u->from || end > u->to || is_doubled_by_the_network(t, start))
        return false;
    return --u->copies == 0;
}

void mpt_undo_head_acked(mpt_tcp *t, const mpt_chunk *head, uint32_t ts_echo) {
    mpt_undo *u = &t->undo;
    if (!(head->flags & MPT_CHUNK_EVER_RESENT) || u->first_ts == 0 || ts_echo == 0)
        return;
    bool is_older = mpt_seq32_before(ts_echo, mpt_tcp_timestamp(t, head->sent_at));
    u->is_one_needed |= !is_older;
    u->is_head_late = is_older && (t->ca == MPT_CA_RECOVERY || mpt_seq32_before(ts_echo, u->first_ts));
    if (u->is_head_late && mpt_chunk_end(head) < t->rack.ack_highest_end)
        t->rack.has_reordering = true; /* sent again or not: it was overtaken (Linux: tcp_try_undo_partial()) */
}

void mpt_undo_copy_lost(mpt_tcp *t) {
    t->undo.is_one_needed = true;
}

/**
 * A timeout was about the head alone. In a fast recovery one late segment does not excuse another that was lost: all copies have to be answered
 * for, and none by its own echo (Linux: tcp_try_undo_partial()).
 */
static bool is_first_copy_answered(const mpt_tcp *t) {
    if (!t->undo.is_head_late || t->undo.is_one_needed)
        return false;
    return t->ca == MPT_CA_LOSS || (t->ca == MPT_CA_RECOVERY && t->q.retransmitted_count == 0);
}

mpt_undo_witness mpt_undo_judge(mpt_tcp *t, bool is_all_dsacked, bool is_frto) {
    bool is_eifel = is_first_copy_answered(t);
    t->undo.is_head_late = false;
    if (is_all_dsacked)
        return MPT_UNDO_DSACK; /* the one of the last copy comes when recovery is over */
    return is_frto || is_eifel ? MPT_UNDO_FIRST_COPY : MPT_UNDO_NONE;
}
