/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sendq.h: what a subflow has sent and the peer has not acknowledged, in the order sent: the scoreboard of RFC 6675.
 * A chunk is the payload of one segment, bound to this subflow at the moment of its first transmission together with its
 * mapping (subflow offset -> stream offset), or a lone FIN. Chunks are contiguous in subflow offsets.
 *
 * Chunks in flight are also chained in the order of their latest transmission (RFC 8985 6.2 step 5): who asks which of them are
 * overdue starts at the oldest and stops at the first that is not.
 *
 * Invariants: bytes = sum of lengths; sacked, lost and retransmitted count the flags; a chunk is never both sacked
 * and lost; retransmitted implies lost; in the chain is what is in flight: not sacked, and not lost or retransmitted.
 */
#ifndef MPT_SENDQ_H
#define MPT_SENDQ_H

#include "base/mpt_range.h"
#include "tcp/mpt_rate.h"

enum {
    MPT_CHUNK_FIN = 1,      /**< occupies one number after its payload (which is then empty) */
    MPT_CHUNK_DATA_FIN = 2, /**< its mapping includes the DATA_FIN */
    MPT_CHUNK_SACKED = 4,
    MPT_CHUNK_LOST = 8,           /**< held lost */
    MPT_CHUNK_RETRANSMITTED = 16, /**< lost, sent again, that copy is held in flight */
    MPT_CHUNK_EVER_RESENT = 32,   /**< no round-trip time from this one (Karn) */
    MPT_CHUNK_REINJECTED = 64,    /**< its data was sent on another subflow, too, or is queued for that */
    MPT_CHUNK_PUSH = 128,         /**< when it was sent first there was nothing more to send */
    MPT_CHUNK_COPY = 256          /**< its data was sent on another subflow before */
};

typedef struct mpt_chunk {
    uint64_t start; /**< subflow offset */
    uint64_t stream_offset;
    mpt_time sent_at;        /**< last transmission */
    uint32_t bytes;          /**< payload */
    uint32_t turn;           /**< number of the last transmission: the order where times are equal */
    uint32_t earlier, later; /**< neighbours in the chain, as places in the ring; void at its ends */
    uint16_t flags;
} mpt_chunk;

#define MPT_SENDQ_KEPT 4u /**< chunks that an empty queue has room for */

typedef struct mpt_sendq {
    mpt_chunk *ring;
    mpt_rate_stamp *stamps; /**< beside the ring, where has_stamps */
    uint32_t capacity;      /**< a power of two, or 0 */
    uint32_t head, count;
    bool has_stamps; /**< set before the first chunk */
    uint64_t bytes, sacked_bytes, lost_bytes, retransmitted_bytes;
    uint64_t lost_ever_bytes;                   /**< held lost, each time it was */
    uint32_t sacked_count, retransmitted_count; /**< chunks with these flags */
    uint32_t turns;                             /**< transmissions so far, modulo 2^32 */
    uint32_t flying_count, oldest, newest;      /**< the chain; its ends are void when it is empty */
    mpt_ranges sacked;                          /**< subflow offsets of the sacked chunks */
    uint64_t lost_below;                        /**< every chunk that starts below is sacked or lost */
    uint64_t resend_from;                       /**< no chunk that starts below is waiting to be sent again */
    uint64_t sorted_from; /**< from this subflow offset on, stream offsets grow with subflow offsets */
    uint64_t low_offset;  /**< while the head is below sorted_from: no chunk has a lower stream offset */
} mpt_sendq;

static inline uint64_t mpt_chunk_end(const mpt_chunk *k) {
    return k->start + k->bytes + (k->flags & MPT_CHUNK_FIN ? 1 : 0);
}
static inline uint64_t mpt_chunk_length(const mpt_chunk *k) {
    return k->bytes + (k->flags & MPT_CHUNK_FIN ? 1u : 0u);
}
static inline mpt_chunk *mpt_sendq_at(const mpt_sendq *q, uint32_t i) {
    return &q->ring[(q->head + i) & (q->capacity - 1)];
}
static inline mpt_rate_stamp *mpt_sendq_stamp(const mpt_sendq *q, const mpt_chunk *k) {
    return &q->stamps[k - q->ring];
}
static inline bool mpt_chunk_is_flying(const mpt_chunk *k) {
    return !(k->flags & MPT_CHUNK_SACKED) && (k->flags & (MPT_CHUNK_LOST | MPT_CHUNK_RETRANSMITTED)) != MPT_CHUNK_LOST;
}
/** Was @p k sent last before transmission number @p turn? */
static inline bool mpt_chunk_is_before(const mpt_chunk *k, uint32_t turn) {
    return (int32_t)(k->turn - turn) < 0;
}
/** @return the chunk in flight that was sent longest ago, or NULL. */
static inline mpt_chunk *mpt_sendq_oldest(const mpt_sendq *q) {
    return q->flying_count > 0 ? &q->ring[q->oldest] : NULL;
}
/** Bytes held in flight: sent, not sacked, not lost, and the copies sent again (RFC 6675 pipe). */
static inline uint64_t mpt_sendq_pipe(const mpt_sendq *q) {
    return q->bytes - q->sacked_bytes - q->lost_bytes + q->retransmitted_bytes;
}

void mpt_sendq_free(mpt_sendq *q, const mpt_mem *mem);
mpt_status mpt_sendq_grow(mpt_sendq *q, const mpt_mem *mem);
/** Make room for one more chunk, so that mpt_sendq_append() cannot fail. @return MPT_OK or MPT_ERR_MEMORY */
static inline mpt_status mpt_sendq_reserve(mpt_sendq *q, const mpt_mem *mem) {
    return q->count < q->capacity ? MPT_OK : mpt_sendq_grow(q, mem);
}
/** @return where it is, until the next one is appended */
mpt_chunk *mpt_sendq_append(mpt_sendq *q, const mpt_chunk *k);
/** @return index of the first chunk that starts at or after @p offset (count when none does). */
uint32_t mpt_sendq_find(const mpt_sendq *q, uint64_t offset);
/** Take away the head, which must be acknowledged as a whole. */
void mpt_sendq_pop(mpt_sendq *q);
/** Nothing is in it and nothing will be for a while: a ring that has grown is given back. */
void mpt_sendq_give_back(mpt_sendq *q, const mpt_mem *mem);
static inline void mpt_sendq_shrink(mpt_sendq *q, const mpt_mem *mem) {
    if (q->count == 0 && q->capacity > MPT_SENDQ_KEPT)
        mpt_sendq_give_back(q, mem);
}
/** The first @p bytes of the head's payload are acknowledged. */
void mpt_sendq_trim(mpt_sendq *q, uint32_t bytes);
void mpt_sendq_mark_sacked(mpt_sendq *q, mpt_chunk *k);
/** What of it is in flight is held lost: the first copy or the one sent again. */
void mpt_sendq_mark_lost(mpt_sendq *q, mpt_chunk *k);
void mpt_sendq_mark_resent(mpt_sendq *q, mpt_chunk *k, mpt_time now);
/** Forget all SACKs (the peer reneged, RFC 2018 8). */
void mpt_sendq_forget_sacks(mpt_sendq *q);
/** No chunk is lost any more: the loss was spurious. */
void mpt_sendq_forget_losses(mpt_sendq *q);
/** @return first chunk that is lost and was not sent again, or NULL. */
mpt_chunk *mpt_sendq_next_resend(mpt_sendq *q);
/** @return lowest stream offset that may have to be sent again from here; UINT64_MAX when empty. */
uint64_t mpt_sendq_low_offset(const mpt_sendq *q);
void mpt_sendq_check(const mpt_sendq *q);

#endif
