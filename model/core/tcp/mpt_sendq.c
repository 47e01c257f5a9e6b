/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_sendq.c: see mpt_sendq.h. */
#include <string.h>

#include "base/mpt_assert.h"
#include "tcp/mpt_sendq.h"

void mpt_sendq_free(mpt_sendq *q, const mpt_mem *mem) {
    bool has_stamps = q->has_stamps;
    mem->free(mem->user, q->ring);
    mem->free(mem->user, q->stamps);
    mpt_ranges_free(&q->sacked, mem);
    memset(q, 0, sizeof *q);
    q->has_stamps = has_stamps;
}

/* ---- The chain of what is in flight, in the order of transmission ---- */

static uint32_t place_of(const mpt_sendq *q, const mpt_chunk *k) {
    return (uint32_t)(k - q->ring);
}

static void chain_newest(mpt_sendq *q, uint32_t place) {
    q->ring[place].earlier = q->newest;
    if (q->flying_count++ == 0)
        q->oldest = place;
    else
        q->ring[q->newest].later = place;
    q->newest = place;
}

static void unchain(mpt_sendq *q, uint32_t place) {
    const mpt_chunk *k = &q->ring[place];
    if (place == q->oldest)
        q->oldest = k->later;
    else
        q->ring[k->earlier].later = k->later;
    if (place == q->newest)
        q->newest = k->earlier;
    else
        q->ring[k->later].earlier = k->earlier;
    q->flying_count--;
}

/** Put @p k where its transmission belongs, after @p hint or before. */
static void chain_by_turn(mpt_sendq *q, mpt_chunk *k, uint32_t hint) {
    uint32_t place = place_of(q, k), before = hint;
    if (q->flying_count == 0 || mpt_chunk_is_before(&q->ring[q->newest], k->turn)) {
        chain_newest(q, place);
        return;
    }
    while (before != q->oldest && !mpt_chunk_is_before(&q->ring[before], k->turn))
        before = q->ring[before].earlier;
    if (!mpt_chunk_is_before(&q->ring[before], k->turn)) {
        k->later = q->oldest;
        q->ring[q->oldest].earlier = place;
        q->oldest = place;
    } else {
        while (mpt_chunk_is_before(&q->ring[q->ring[before].later], k->turn))
            before = q->ring[before].later;
        k->earlier = before;
        k->later = q->ring[before].later;
        q->ring[k->later].earlier = place;
        q->ring[before].later = place;
    }
    q->flying_count++;
}

/** Chunks with any of @p flags lose them; what is in flight by that is chained. Those never sent again are in order anyway. */
static void forget(mpt_sendq *q, uint16_t flags) {
    uint32_t hint = q->oldest;
    for (uint32_t i = 0; i < q->count; i++) {
        mpt_chunk *k = mpt_sendq_at(q, i);
        bool was_flying = mpt_chunk_is_flying(k);
        k->flags &= (uint16_t)~flags;
        if (!was_flying && mpt_chunk_is_flying(k))
            chain_by_turn(q, k, hint);
        if (mpt_chunk_is_flying(k))
            hint = place_of(q, k);
    }
}

/* ---- The queue ---- */

mpt_status mpt_sendq_grow(mpt_sendq *q, const mpt_mem *mem) {
    uint32_t capacity = q->capacity ? q->capacity * 2 : MPT_SENDQ_KEPT;
    mpt_chunk *ring = mem->alloc(mem->user, capacity * sizeof *ring);
    mpt_rate_stamp *stamps = ring && q->has_stamps ? mem->alloc(mem->user, capacity * sizeof *stamps) : NULL;
    if (!ring || (q->has_stamps && !stamps)) {
        mem->free(mem->user, ring);
        return MPT_ERR_MEMORY;
    }
    uint32_t mask = q->capacity - 1; /* place p becomes (p - head) & mask */
    for (uint32_t i = 0; i < q->count; i++) {
        ring[i] = *mpt_sendq_at(q, i);
        if (stamps)
            stamps[i] = *mpt_sendq_stamp(q, mpt_sendq_at(q, i));
        ring[i].earlier = (ring[i].earlier - q->head) & mask;
        ring[i].later = (ring[i].later - q->head) & mask;
    }
    q->oldest = (q->oldest - q->head) & mask;
    q->newest = (q->newest - q->head) & mask;
    mem->free(mem->user, q->ring);
    mem->free(mem->user, q->stamps);
    q->ring = ring;
    q->stamps = stamps;
    q->capacity = capacity;
    q->head = 0;
    return MPT_OK;
}

mpt_chunk *mpt_sendq_append(mpt_sendq *q, const mpt_chunk *k) {
    MPT_ASSERT(q->count < q->capacity);
    if (q->count == 0) {
        q->sorted_from = k->start;
        q->low_offset = k->stream_offset;
    } else {
        const mpt_chunk *last = mpt_sendq_at(q, q->count - 1);
        MPT_ASSERT(mpt_chunk_end(last) == k->start);
        if (k->stream_offset <
            last->stream_offset + last->bytes) { /* overlaps count: a head that is trimmed must stay the lowest */
            uint64_t low = mpt_sendq_low_offset(q);
            q->low_offset = low < k->stream_offset ? low : k->stream_offset;
            q->sorted_from = k->start;
        }
    }
    uint32_t place = (q->head + q->count) & (q->capacity - 1);
    mpt_chunk *slot = &q->ring[place];
    *slot = *k;
    slot->turn = ++q->turns;
    q->count++;
    q->bytes += mpt_chunk_length(k);
    chain_newest(q, place);
    return slot;
}

uint32_t mpt_sendq_find(const mpt_sendq *q, uint64_t offset) {
    uint32_t low = 0, high = q->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (mpt_sendq_at(q, middle)->start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void discount(mpt_sendq *q, const mpt_chunk *k, uint64_t bytes) {
    q->bytes -= bytes;
    if (!(k->flags & (MPT_CHUNK_SACKED | MPT_CHUNK_LOST | MPT_CHUNK_RETRANSMITTED)))
        return;
    if (k->flags & MPT_CHUNK_SACKED)
        q->sacked_bytes -= bytes;
    if (k->flags & MPT_CHUNK_LOST)
        q->lost_bytes -= bytes;
    if (k->flags & MPT_CHUNK_RETRANSMITTED)
        q->retransmitted_bytes -= bytes;
}

void mpt_sendq_pop(mpt_sendq *q) {
    mpt_chunk *k = mpt_sendq_at(q, 0);
    discount(q, k, mpt_chunk_length(k));
    if (mpt_chunk_is_flying(k))
        unchain(q, q->head);
    if (k->flags & (MPT_CHUNK_SACKED | MPT_CHUNK_RETRANSMITTED)) {
        q->sacked_count -= (k->flags & MPT_CHUNK_SACKED) != 0;
        q->retransmitted_count -= (k->flags & MPT_CHUNK_RETRANSMITTED) != 0;
        mpt_ranges_remove_below(&q->sacked, mpt_chunk_end(k));
    }
    q->head = (q->head + 1) & (q->capacity - 1);
    q->count--;
}

void mpt_sendq_give_back(mpt_sendq *q, const mpt_mem *mem) {
    mem->free(mem->user, q->ring);
    mem->free(mem->user, q->stamps);
    q->ring = NULL;
    q->stamps = NULL;
    q->capacity = q->head = 0;
}

void mpt_sendq_trim(mpt_sendq *q, uint32_t bytes) {
    mpt_chunk *k = mpt_sendq_at(q, 0);
    MPT_ASSERT(bytes < k->bytes);
    discount(q, k, bytes);
    if (q->sorted_from == k->start)
        q->sorted_from += bytes;
    k->start += bytes;
    k->stream_offset += bytes;
    k->bytes -= bytes;
    mpt_ranges_remove_below(&q->sacked, k->start);
}

void mpt_sendq_mark_sacked(mpt_sendq *q, mpt_chunk *k) {
    uint64_t length = mpt_chunk_length(k);
    if (k->flags & MPT_CHUNK_SACKED)
        return;
    if (mpt_chunk_is_flying(k))
        unchain(q, place_of(q, k));
    if (k->flags & MPT_CHUNK_LOST)
        q->lost_bytes -= length;
    if (k->flags & MPT_CHUNK_RETRANSMITTED) {
        q->retransmitted_bytes -= length;
        q->retransmitted_count--;
    }
    k->flags = (uint16_t)((k->flags & ~(MPT_CHUNK_LOST | MPT_CHUNK_RETRANSMITTED)) | MPT_CHUNK_SACKED);
    q->sacked_bytes += length;
    q->sacked_count++;
}

void mpt_sendq_mark_lost(mpt_sendq *q, mpt_chunk *k) {
    if (!mpt_chunk_is_flying(k))
        return;
    unchain(q, place_of(q, k));
    q->lost_ever_bytes += mpt_chunk_length(k);
    if (k->flags & MPT_CHUNK_RETRANSMITTED) {
        k->flags &= (uint16_t)~MPT_CHUNK_RETRANSMITTED;
        q->retransmitted_bytes -= mpt_chunk_length(k);
        q->retransmitted_count--;
    } else {
        k->flags |= MPT_CHUNK_LOST;
        q->lost_bytes += mpt_chunk_length(k);
    }
    if (k->start < q->resend_from)
        q->resend_from = k->start;
}

void mpt_sendq_mark_resent(mpt_sendq *q, mpt_chunk *k, mpt_time now) {
    MPT_ASSERT(!(k->flags & MPT_CHUNK_SACKED));
    if (mpt_chunk_is_flying(k)) {
        unchain(q, place_of(q, k));
    } else {
        k->flags |= MPT_CHUNK_RETRANSMITTED;
        q->retransmitted_bytes += mpt_chunk_length(k);
        q->retransmitted_count++;
    }
    k->flags |= MPT_CHUNK_EVER_RESENT;
    k->sent_at = now;
    k->turn = ++q->turns;
    chain_newest(q, place_of(q, k));
}

void mpt_sendq_forget_sacks(mpt_sendq *q) {
    forget(q, MPT_CHUNK_SACKED);
    q->sacked_bytes = 0;
    q->sacked_count = 0;
    mpt_ranges_remove_below(&q->sacked, UINT64_MAX);
    q->lost_below = 0;
}

void mpt_sendq_forget_losses(mpt_sendq *q) {
    forget(q, MPT_CHUNK_LOST | MPT_CHUNK_RETRANSMITTED);
    q->lost_bytes = q->retransmitted_bytes = 0;
    q->retransmitted_count = 0;
    q->lost_below = 0;
    q->resend_from = UINT64_MAX;
}

mpt_chunk *mpt_sendq_next_resend(mpt_sendq *q) {
    if (q->lost_bytes == q->retransmitted_bytes)
        return NULL;
    for (uint32_t i = mpt_sendq_find(q, q->resend_from); i < q->count; i++) {
        mpt_chunk *k = mpt_sendq_at(q, i);
        if ((k->flags & (MPT_CHUNK_LOST | MPT_CHUNK_RETRANSMITTED)) == MPT_CHUNK_LOST) {
            q->resend_from = k->start;
            return k;
        }
    }
    q->resend_from = UINT64_MAX;
    return NULL;
}

uint64_t mpt_sendq_low_offset(const mpt_sendq *q) {
    if (q->count == 0)
        return UINT64_MAX;
    const mpt_chunk *k = mpt_sendq_at(q, 0);
    return k->start >= q->sorted_from ? k->stream_offset : q->low_offset;
}

static void check_chain(const mpt_sendq *q) {
    uint32_t place = q->oldest;
    for (uint32_t n = 0; n < q->flying_count; n++) {
        const mpt_chunk *k = &q->ring[place];
        MPT_ASSERT(((place - q->head) & (q->capacity - 1)) < q->count && mpt_chunk_is_flying(k));
        MPT_ASSERT(n == 0 ||
                   (q->ring[k->earlier].later == place && mpt_chunk_is_before(&q->ring[k->earlier], k->turn)));
        MPT_ASSERT(n == 0 || q->ring[k->earlier].sent_at <= k->sent_at);
        MPT_ASSERT((n + 1 == q->flying_count) == (place == q->newest));
        place = k->later;
    }
}

void mpt_sendq_check(const mpt_sendq *q) {
    uint64_t bytes = 0, sacked = 0, lost = 0, retransmitted = 0, low = UINT64_MAX;
    uint32_t sacked_count = 0, retransmitted_count = 0, flying_count = 0;
    for (uint32_t i = 0; i < q->count; i++) {
        const mpt_chunk *k = mpt_sendq_at(q, i);
        uint64_t length = mpt_chunk_length(k);
        MPT_ASSERT(length > 0);
        MPT_ASSERT(i == 0 || mpt_chunk_end(mpt_sendq_at(q, i - 1)) == k->start);
        MPT_ASSERT(!((k->flags & MPT_CHUNK_SACKED) && (k->flags & MPT_CHUNK_LOST)));
        MPT_ASSERT(!(k->flags & MPT_CHUNK_RETRANSMITTED) || (k->flags & MPT_CHUNK_LOST));
        MPT_ASSERT(k->start >= q->lost_below || (k->flags & (MPT_CHUNK_SACKED | MPT_CHUNK_LOST)));
        if ((k->flags & (MPT_CHUNK_LOST | MPT_CHUNK_RETRANSMITTED)) == MPT_CHUNK_LOST)
            MPT_ASSERT(k->start >= q->resend_from);
        bytes += length;
        sacked += k->flags & MPT_CHUNK_SACKED ? length : 0;
        lost += k->flags & MPT_CHUNK_LOST ? length : 0;
        retransmitted += k->flags & MPT_CHUNK_RETRANSMITTED ? length : 0;
        sacked_count += (k->flags & MPT_CHUNK_SACKED) != 0;
        retransmitted_count += (k->flags & MPT_CHUNK_RETRANSMITTED) != 0;
        flying_count += mpt_chunk_is_flying(k);
        low = k->stream_offset < low ? k->stream_offset : low;
    }
    MPT_ASSERT(bytes == q->bytes && sacked == q->sacked_bytes);
    MPT_ASSERT(lost == q->lost_bytes && retransmitted == q->retransmitted_bytes);
    MPT_ASSERT(sacked_count == q->sacked_count && retransmitted_count == q->retransmitted_count);
    MPT_ASSERT(flying_count == q->flying_count);
    MPT_ASSERT(mpt_sendq_low_offset(q) <= low);
    MPT_ASSERT(sacked == q->sacked.total);
    mpt_ranges_check(&q->sacked);
    check_chain(q);
}
