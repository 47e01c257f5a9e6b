/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mbx_box.h: what all boxes on the path have in common: a segment goes in, and what becomes of it, now or later, goes
 * out to the host (ns-3, or the links of the experiments), which also has the clock, the memory and the randomness.
 *
 * A box touches addresses and TCP headers. IP headers and payload stay with the host, in a carrier that belongs to the
 * segment: of a segment that a box takes, the box either forwards or drops it.
 */
#ifndef MBX_BOX_H
#define MBX_BOX_H

#include "mbx_edits.h"
#include "mbx_tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MBX_ADDRESS_BYTES_MAX 16

/** Which way a segment goes; MBX_UP: away from the hosts on whose link the box is. */
typedef enum mbx_direction { MBX_UP, MBX_DOWN } mbx_direction;
/** Which segments a box works on. */
typedef enum mbx_scope { MBX_BOTH, MBX_ONLY_UP, MBX_ONLY_DOWN } mbx_scope;

typedef struct mbx_segment {
    uint8_t source[MBX_ADDRESS_BYTES_MAX], destination[MBX_ADDRESS_BYTES_MAX];
    uint8_t address_bytes; /**< 4 or 16 */
    uint8_t tos;           /**< of the IP header, ECN included */
    mbx_tcp tcp;
    uint32_t payload_bytes;
    void *carrier; /**< the host's */
} mbx_segment;

/** What a box needs of its host; @c user is handed back in each call. */
typedef struct mbx_host {
    void *user;
    int64_t (*now_ns)(void *user);
    double (*draw)(void *user);                                      /**< from 0 on, below 1 */
    uint32_t (*draw_whole)(void *user, uint32_t low, uint32_t high); /**< low .. high */
    void *(*allocate)(void *user, size_t bytes);                     /**< zeroed; never NULL */
    void (*release)(void *user, void *memory);
    /** Takes a segment that leaves the box, with its carrier. */
    void (*forward)(void *user, mbx_segment *s, mbx_direction direction);
    /** @return a carrier of its own for @p bytes of the payload of @p s from @p at on. */
    void *(*part)(void *user, const mbx_segment *s, uint32_t at, uint32_t bytes);
    /** Append the payload of @p next to that of @p s. */
    void (*append)(void *user, mbx_segment *s, const mbx_segment *next);
    /** Replace the payload by what mbx_edits_apply() makes of it. @return whether that differs */
    bool (*edit)(void *user, mbx_segment *s, const mbx_edits *edits, int64_t old, uint32_t bytes);
    void (*drop)(void *user, void *carrier);
} mbx_host;

typedef struct mbx_box mbx_box;

typedef struct mbx_box_ops {
    void (*process)(mbx_box *box, mbx_segment *s, mbx_direction direction);
    void (*timer)(mbx_box *box); /**< NULL: it has no deadlines */
    void (*free)(mbx_box *box);  /**< what it keeps; NULL: nothing */
} mbx_box_ops;

/** The first member of each kind of box, which the host allocates, {0}, and fills in: host, scope, settings of the kind. */
struct mbx_box {
    const mbx_box_ops *ops;
    mbx_host host;
    mbx_scope scope;
    uint64_t actions;    /**< segments changed, dropped, made or merged */
    bool has_deadline;   /**< mbx_box_timer() is to be called ... */
    int64_t deadline_ns; /**< ... at this time, or later */
};

/** A segment arrives; its carrier is the box's from now on. */
void mbx_box_process(mbx_box *box, mbx_segment *s, mbx_direction direction);
/** The deadline has come. */
void mbx_box_timer(mbx_box *box);
/** Free what the box keeps, and drop what waits in it; the host frees the box. */
void mbx_box_free(mbx_box *box);

/* ---- For boxes ---- */

void mbx_box_forward(mbx_box *box, mbx_segment *s, mbx_direction direction);
void mbx_box_drop(mbx_box *box, mbx_segment *s);
bool mbx_box_is_in_scope(const mbx_box *box, mbx_direction direction);

static inline int64_t mbx_box_now(const mbx_box *box) {
    return box->host.now_ns(box->host.user);
}

static inline mbx_direction mbx_opposite(mbx_direction direction) {
    return direction == MBX_UP ? MBX_DOWN : MBX_UP;
}

static inline bool mbx_has_flags(const mbx_segment *s, uint8_t flags) {
    return (s->tcp.bytes[MBX_AT_FLAGS] & flags) != 0;
}

static inline uint32_t mbx_seq(const mbx_segment *s) {
    return mbx_get32(s->tcp.bytes + MBX_AT_SEQ);
}

static inline uint32_t mbx_ack(const mbx_segment *s) {
    return mbx_get32(s->tcp.bytes + MBX_AT_ACK);
}

static inline void mbx_set_seq(mbx_segment *s, uint32_t seq) {
    mbx_put32(s->tcp.bytes + MBX_AT_SEQ, seq);
}

static inline void mbx_set_ack(mbx_segment *s, uint32_t ack) {
    mbx_put32(s->tcp.bytes + MBX_AT_ACK, ack);
}

#ifdef __cplusplus
}
#endif
#endif
