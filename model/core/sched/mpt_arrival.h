/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_arrival.h: when would a segment sent now on a subflow be acknowledged, and when will one that is under way? By the rate at which the subflow
 * delivers, what is in flight on it, its round-trip times and how long it has been silent. What schedulers and copies are decided by. A value.
 *
 * A smoothed round-trip time alone is no answer: it is a memory of what was in the queue some time ago, it stands still while the subflow is
 * idle, and knows nothing of what was sent since.
 */
#ifndef MPT_ARRIVAL_H
#define MPT_ARRIVAL_H

#include "sched/mpt_bottleneck.h"
#include "tcp/mpt_tcp.h"

typedef struct mpt_arrival {
    mpt_time since_ns;           /**< start of the round trip being counted */
    uint64_t delivered_bytes;    /**< of the TCP when that was looked at last */
    uint32_t round_us;           /**< how long one took when it began */
    uint32_t bytes;              /**< delivered in it */
    uint32_t rate_bytes_per_s;   /**< of deliveries; 0 = not known yet */
    uint32_t sample_bytes_per_s; /**< the last measurement of it */
    mpt_time srtt_ns;            /**< smoothed; 0 = none */
    mpt_time rtt_ns, rtt_at_ns;  /**< the last measurement, and when; 0 = none */
    mpt_time heard_at_ns;        /**< something was delivered last */
    mpt_time lost_at_ns;         /**< something was last known to be lost; 0 = never */
    mpt_bottleneck bottleneck;   /**< what is never exceeded for long */
} mpt_arrival;

/** A segment leaves on a subflow that has nothing outstanding. */
void mpt_arrival_begin(mpt_arrival *a, const mpt_tcp *t, mpt_time now);
/** An acknowledgement came. @param is_stalled it ends an outage, and its round-trip time is of no use */
void mpt_arrival_acked(mpt_arrival *a, const mpt_tcp *t, bool is_stalled, mpt_time now);
/** @return how long from now until a new segment would be acknowledged */
mpt_time mpt_arrival_of_new(const mpt_arrival *a, const mpt_tcp *t, mpt_time now);
/**
 * The same. @param at_least_ns what it is at least from now on until something is heard, or the TCP loses something, whatever is sent
 * @param steady_bytes_per_s the rate of delivery, where answers come as they should; 0: not known
 */
mpt_time mpt_arrival_of_new_from_now(const mpt_arrival *a, const mpt_tcp *t, mpt_time now, mpt_time *at_least_ns,
                                     uint64_t *steady_bytes_per_s);
/**
 * @return bytes that may be sent now, and nothing else happen, so that mpt_arrival_of_new() stays within @p ns, where it is so now; 0: not known
 * @param steady_bytes_per_s found out with it
 */
uint64_t mpt_arrival_bytes_within(const mpt_tcp *t, mpt_time ns, uint64_t steady_bytes_per_s);
/** @return what mpt_arrival_of_new() is at least: the least round-trip time known */
mpt_time mpt_arrival_least(const mpt_arrival *a, const mpt_tcp *t);
/** @return mpt_arrival_of_new() where losses are frequent: it is lost, too, and sent again */
mpt_time mpt_arrival_of_new_at_worst(const mpt_arrival *a, const mpt_tcp *t, mpt_time now);
/**
 * @return how long from now until @p k, which is outstanding, will be. @param is_last nothing new follows it, which would soon tell of its loss: silence
 * is then believed earlier
 */
mpt_time mpt_arrival_of_chunk(const mpt_arrival *a, const mpt_tcp *t, const mpt_chunk *k, bool is_last, mpt_time now);
/** @return bytes/s that the subflow delivers by what is known now; 0 = not known */
uint64_t mpt_arrival_rate(const mpt_arrival *a, const mpt_tcp *t, mpt_time now);
/** Is its window still being opened, without a queue to be seen? Then it may bring much more. */
bool mpt_arrival_is_opening(const mpt_arrival *a, const mpt_tcp *t);
/** @return the rate of the path's narrowest link in bytes/s; 0 = not known */
uint32_t mpt_arrival_bottleneck(const mpt_arrival *a, const mpt_tcp *t);
/** @return how long from one delivered segment to the next while there are some */
mpt_time mpt_arrival_spacing(const mpt_arrival *a, const mpt_tcp *t);
/** @return what mpt_arrival_of_chunk() is at most of those in flight that are not late */
mpt_time mpt_arrival_of_chunks_at_most(const mpt_arrival *a, const mpt_tcp *t, mpt_time now);
/** Has nothing been heard for longer than even a growing queue would explain? */
bool mpt_arrival_is_silent(const mpt_arrival *a, const mpt_tcp *t, mpt_time now);
/** @return when @p k, in flight, will be late */
mpt_time mpt_arrival_overdue_at(const mpt_arrival *a, const mpt_tcp *t, const mpt_chunk *k);
/** @return bytes that the subflow could deliver within @p span_ns, window and queue allowing */
uint64_t mpt_arrival_bytes(const mpt_arrival *a, const mpt_tcp *t, mpt_time span_ns, mpt_time now);
/**
 * Is @p ns, when something would be there, a guess, as only a handshake was seen of the path? What a path of @p other_ns could do is then not to be held back:
 * a handshake knows the delay of a path, and nothing of its rate. Where @p other_ns is many times as long, the first answer is there soon enough to wait for.
 */
bool mpt_arrival_is_guess(const mpt_arrival *a, mpt_time ns, mpt_time other_ns);
/** @return when the subflow will have been silent for @p least_ns, and for longer than an answer takes, if nothing is heard till then */
mpt_time mpt_arrival_silent_at(const mpt_arrival *a, const mpt_tcp *t, const mpt_chunk *in_flight, mpt_time least_ns);

#endif
