/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_conn_recv.c: data arrive: from subflow numbers over the mapping (RFC 8684 3.3.1) to the stream, reassembly across subflows,
 * DATA_ACK and DATA_FIN (3.3.2, 3.3.3), the window (3.3.4).
 */
#include "mptcp/mpt_conn.h"

/* ---- Window ---- */

uint64_t mpt_conn_receive_window(mpt_conn *c, uint8_t scale) {
    uint64_t edge = c->rx_read + c->rcvbuf_bytes;
    uint64_t step = c->rcvbuf_bytes / 2 < 1460 ? c->rcvbuf_bytes / 2 : 1460;
    if (edge < c->rcv_edge || (edge - c->rcv_edge < step && c->rcv_edge > c->rx.next))
        edge = c->rcv_edge; /* never shrinks; no small openings (RFC 9293 3.8.6.2.2) */
    uint64_t window = edge - c->rx.next, max = (uint64_t)65535 << scale;
    if (window > max)
        window = max;
    window = window >> scale << scale;
    if (c->rx.next + window > c->rcv_edge)
        c->rcv_edge = c->rx.next + window;
    return window;
}

/* ---- Mappings ---- */

/** A mapping as it came with a segment. */
typedef struct mapping {
    uint64_t start, end; /**< subflow offsets */
    uint64_t stream_offset;
    uint64_t dsn;
    uint16_t length, checksum;
    bool has_checksum, is_found;
} mapping;

static uint64_t stream_of_dsn(const mpt_conn *c, uint64_t dsn, bool is_64) {
    uint64_t first = c->idsn_remote + 1;
    if (!is_64)
        dsn = mpt_seq_expand((uint32_t)dsn, first + c->rx.next);
    return dsn - first;
}

static mapping mapping_of_segment(const mpt_conn *c, const mpt_subflow *sf, const mpt_wire *w) {
    mapping m = {0};
    if ((w->mptcp & (1u << MPT_DSS)) && w->dss.has_map) {
        uint32_t bytes = w->dss.length - (w->dss.is_data_fin ? 1u : 0u);
        m.start = mpt_seq_expand(w->dss.ssn, sf->t.rx.next);
        m.end = m.start + bytes;
        m.stream_offset = stream_of_dsn(c, w->dss.dsn, w->dss.is_dsn64);
        m.dsn = c->idsn_remote + 1 + m.stream_offset;
        m.length = w->dss.length;
        m.has_checksum = w->dss.has_checksum;
        m.checksum = w->dss.checksum;
        m.is_found = bytes > 0 && w->dss.length > 0;
    } else if ((w->mptcp & (1u << MPT_MP_CAPABLE)) && w->capable.has_data) {
        m = (mapping){1,
                      1u + (uint64_t)w->capable.data_bytes,
                      0,
                      c->idsn_remote + 1,
                      w->capable.data_bytes,
                      w->capable.checksum,
                      w->capable.has_checksum,
                      true};
    }
    return m;
}

static mpt_map *known_map(mpt_subflow *sf, uint64_t at) {
    for (uint32_t i = 0; i < sf->map_count; i++)
        if (sf->maps[i].start <= at && at < sf->maps[i].end)
            return &sf->maps[i];
    return NULL;
}

/** Part of its payload was acknowledged and waits for the rest and the checksum. */
static bool is_half_summed(const mpt_map *map) {
    return map->summed > 0 && map->summed < map->end - map->start;
}

/**
 * Remember a mapping that reaches beyond its segment; the oldest makes room, but none that is half summed.
 * @return NULL when there is no room
 */
static mpt_map *remember(mpt_subflow *sf, const mapping *m) {
    mpt_map *known = known_map(sf, m->start);
    if (known && known->end == m->end && known->stream_offset == m->stream_offset)
        return known;
    if (!sf->maps)
        sf->maps = mpt_alloc(sf->t.stack, MPT_MAPS * sizeof *sf->maps);
    if (!sf->maps)
        return NULL;
    for (uint32_t i = 0; i < MPT_MAPS && is_half_summed(&sf->maps[sf->map_next]); i++)
        sf->map_next = (sf->map_next + 1) % MPT_MAPS;
    mpt_map *slot = &sf->maps[sf->map_next];
    if (is_half_summed(slot))
        return NULL;
    sf->map_next = (sf->map_next + 1) % MPT_MAPS;
    if (sf->map_count < MPT_MAPS)
        sf->map_count++;
    *slot = (mpt_map){m->start, m->end, m->stream_offset, m->dsn, 0, 0, m->checksum, m->length};
    return slot;
}

/* ---- Reassembly ---- */

/** What is not simply the next. Room for it has been made by mpt_reasm_reserve(). */
static void sort_in(mpt_conn *c, uint64_t start, uint64_t end) {
    uint64_t next = c->rx.next, fresh = 0;
    uint32_t holes = c->rx.beyond.count;
    mpt_status status = mpt_reasm_insert(&c->rx, start, end, &fresh, &c->stack->mem);
    MPT_ASSERT(status == MPT_OK);
    c->bytes_duplicate += end - start - fresh;
    if (fresh == 0)
        MPT_COUNT(c->stack, DuplicateData);
    else if (start > next)
        MPT_COUNT(c->stack, OFOQueue);
    if (c->rx.beyond.count < holes)
        MPT_COUNT(c->stack, OFOMerge);
}

static inline void deliver(mpt_conn *c, uint64_t start, uint64_t end, mpt_time now) {
    uint64_t next = c->rx.next;
    if (start == next && start < end && c->rx.beyond.count == 0)
        c->rx.next = end;
    else
        sort_in(c, start, end);
    if (next == 0 && c->rx.next > 0)
        mpt_pm_update(c);
    if (c->rx.next > next)
        mpt_conn_notify(c, MPT_NOTICE_READABLE);
    if (c->rx.next == c->peer_end)
        mpt_conn_end_received(c, c->peer_end, now);
}

/** Data for an application that closed its handle: the peer must learn that they are lost (RFC 9293 3.6.1). */
static void refuse_data(mpt_conn *c, mpt_time now) {
    mpt_fastclose_send(c, MPT_ERR_ABORTED, now);
}

/**
 * The stream range of an acceptable piece of payload arrives. @return bytes that count as received at subflow level: all, or
 * none when the range is beyond the window or there is no memory for it.
 */
static inline uint64_t take(mpt_conn *c, uint64_t offset, uint64_t bytes, uint32_t skip, mpt_store *store,
                            bool is_deliverable, mpt_time now) {
    if ((int64_t)offset < 0 || offset + bytes > c->rx_read + c->set.receive_buffer_bytes ||
        offset + bytes > c->peer_end) {
        MPT_COUNT(c->stack, NoDSSInWindow);
        return 0;
    }
    if (mpt_tcp_reserve(c->stack, &c->rx, offset))
        return 0;
    if (c->is_released && offset + bytes > c->rx.next) {
        refuse_data(c, now);
        return 0;
    }
    if (offset + bytes > c->rx.next) {
        uint64_t cut = offset < c->rx.next ? c->rx.next - offset : 0;
        *store = (mpt_store){c, offset + cut, skip + (uint32_t)cut, (uint32_t)(bytes - cut)};
    }
    if (is_deliverable)
        deliver(c, offset, offset + bytes, now);
    return bytes;
}

/* ---- DSS checksums ---- */

static uint32_t payload_sum(const mpt_segment *in, uint32_t skip, uint64_t bytes, bool is_odd) {
    uint32_t sum = mpt_wire_fold(mpt_wire_sum(0, in->payload + skip, (size_t)bytes));
    return is_odd ? (uint32_t)(uint16_t)(sum << 8 | sum >> 8) : sum;
}

static bool is_right(const mapping *m, uint32_t payload) {
    uint32_t sum = mpt_wire_dss_pseudo_sum(m->dsn, (uint32_t)m->start, m->length);
    return mpt_wire_fold(mpt_wire_fold(sum) + mpt_wire_fold(payload) + (uint32_t)m->checksum) == 0xffff;
}

/** @return where the first piece of [start, end) ends that the subflow has not received yet; it begins at @p start */
static uint64_t end_of_unknown(const mpt_subflow *sf, uint64_t start, uint64_t end) {
    mpt_range known;
    if (mpt_spans_after(&sf->t.rx.beyond, start, &known) && known.start < end)
        return known.start > start ? known.start : start;
    return end;
}

/**
 * Payload under a checksummed mapping is held back until the mapping is complete and right (RFC 8684 3.3.1).
 * @return bytes received at subflow level; UINT64_MAX: the checksum was wrong, the subflow's fate is decided
 */
static uint64_t take_checked(mpt_conn *c, mpt_subflow *sf, mapping *m, const mpt_segment *in, uint64_t start,
                             uint64_t end, uint32_t skip, mpt_store *store, mpt_time now) {
    uint64_t offset = m->stream_offset + (start - m->start), bytes = end_of_unknown(sf, start, end) - start;
    mpt_map *map = remember(sf, m);
    if (!map || bytes == 0)
        return 0; /* each byte is summed once; what follows a known piece comes again */
    if (mpt_tcp_reserve(c->stack, &c->rx, m->stream_offset))
        return 0;
    bool is_complete = map->summed + bytes == m->end - m->start;
    if (!is_complete && mpt_spans_overlap(&c->rx.beyond, offset, offset + bytes) > 0)
        return 0; /* what is stored there was found right: nothing unproven may overwrite it */
    map->sum += payload_sum(in, skip, bytes, (start - m->start) & 1);
    map->summed += bytes;
    if (is_complete && !is_right(m, map->sum)) {
        MPT_COUNT(c->stack, DataCsumErr);
        if (!mpt_fallback_on_bad_checksum(sf, m->dsn, now))
            return UINT64_MAX;
        return take(c, mpt_stream_of_subflow(start), bytes, skip, store, false, now);
    }
    uint64_t taken = take(c, offset, bytes, skip, store, false, now);
    if (taken == 0) {
        map->summed -= bytes;
        map->sum += 0xffff - payload_sum(in, skip, bytes, (start - m->start) & 1);
    } else if (is_complete) {
        deliver(c, m->stream_offset, m->stream_offset + (m->end - m->start), now);
    }
    return taken;
}

/** The peer has not fallen back with us, and no longer sends the stream as the subflow carries it: a guess would deliver wrong bytes. */
static bool contradicts_fallback(const mpt_conn *c, const mpt_subflow *sf, const mpt_wire *w) {
    if (c->mode != MPT_MODE_FALLBACK || !c->has_key_remote || mpt_wire_is_infinite(w))
        return false;
    mapping m = mapping_of_segment(c, sf, w);
    return m.is_found && m.stream_offset != mpt_stream_of_subflow(m.start);
}

/**
 * The segment's own mapping begins behind its first byte, which is under an earlier mapping still: a box has taken bytes out. This is what is there
 * of a "lower-layer signal" (RFC 8684 3.7) without checksums. It is no proof, but a sender that maps like this loses nothing by TCP.
 */
static bool is_shifted(const mpt_conn *c, mpt_subflow *sf, const mapping *m, uint64_t start, uint64_t end) {
    bool is_inside = m->is_found && m->start > start && m->start < end;
    return is_inside && mpt_conn_is_mptcp(c) && !c->has_checksum && !c->fallback.is_failing && start == sf->t.rx.next &&
           known_map(sf, start);
}

/** Does the segment carry the mapping of just what is to be taken, as nearly all do, and no checksum is to be proven? */
static bool is_mapped_exactly(const mpt_conn *c, const mpt_wire *w, uint64_t start, uint64_t end) {
    const mpt_wire_dss *d = &w->dss;
    return mpt_conn_is_mptcp(c) && !c->fallback.is_failing && !c->has_checksum && (w->mptcp & (1u << MPT_DSS)) &&
           d->has_map && d->ssn == (uint32_t)start && d->length - (d->is_data_fin ? 1u : 0u) == end - start;
}

/** What is not mapped by the segment that it comes with, or is to be proven, or has come by TCP. */
__attribute__((noinline)) static uint64_t data_received_otherwise(mpt_subflow *sf, const mpt_wire *w,
                                                                  const mpt_segment *in, uint64_t start, uint64_t end,
                                                                  uint32_t skip, mpt_store *store, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (contradicts_fallback(c, sf, w)) {
        MPT_COUNT(c->stack, DSSNotMatching);
        mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now);
        return UINT64_MAX;
    }
    mapping m = mapping_of_segment(c, sf, w);
    if (is_shifted(c, sf, &m, start, end) && mpt_fallback_may_start(sf)) {
        MPT_COUNT(c->stack, DSSNotMatching);
        mpt_fallback_on_bad_checksum(sf, mpt_conn_data_ack(c), now);
    }
    if (!mpt_conn_is_mptcp(c) || c->fallback.is_failing) {
        bool is_deliverable =
            !c->fallback.is_failing; /* what a middlebox may have shifted waits until the peer agrees to TCP */
        return start + take(c, mpt_stream_of_subflow(start), end - start, skip, store, is_deliverable, now);
    }
    if (m.is_found && m.start <= start && m.end < end)
        remember(sf, &m);
    if (!m.is_found || start < m.start || start >= m.end) {
        const mpt_map *known = known_map(sf, start);
        if (!known) {
            if (m.is_found)
                MPT_COUNT(c->stack, DSSNotMatching);
            else
                MPT_COUNT(c->stack, DSSNoMatchTCP);
            return start > sf->t.rx.next || mpt_fallback_on_missing_mapping(sf, now) ? start : UINT64_MAX;
        }
        m = (mapping){known->start,  known->end,      known->stream_offset, known->dsn,
                      known->length, known->checksum, c->has_checksum,      true};
    } else if (m.end > end || (m.start < start && (c->has_checksum || sf->t.rx.next < start))) {
        remember(sf, &m);
    }
    sf->unmapped_heads = 0;
    c->fallback.is_straight &= !sf->is_join && m.stream_offset == mpt_stream_of_subflow(m.start);
    if (end > m.end)
        end = m.end; /* what follows has another mapping: it is left to be sent again */
    uint64_t taken;
    if (c->has_checksum && m.has_checksum && in->payload)
        taken = take_checked(c, sf, &m, in, start, end, skip, store, now);
    else
        taken = take(c, m.stream_offset + (start - m.start), end - start, skip, store, true, now);
    return taken == UINT64_MAX ? UINT64_MAX : start + taken;
}

/** Is it just what the stream goes on with, and neither its first bytes nor its last ones, which have consequences? */
static bool is_next(const mpt_conn *c, uint64_t offset, uint64_t bytes) {
    return offset == c->rx.next && offset > 0 && c->rx.beyond.count == 0 && !c->is_released &&
           offset + bytes <= c->rx_read + c->set.receive_buffer_bytes && offset + bytes < c->peer_end;
}

/** Not inlined, nor followed by anything: it costs what is simply next no registers. */
__attribute__((noinline)) static uint64_t take_any(mpt_conn *c, uint64_t offset, uint64_t start, uint64_t end,
                                                   uint32_t skip, mpt_store *store, mpt_time now) {
    return start + take(c, offset, end - start, skip, store, true, now);
}

/** [start, end) of a subflow belong at @p offset of the stream. */
static inline uint64_t receive_at(mpt_conn *c, uint64_t offset, uint64_t start, uint64_t end, uint32_t skip,
                                  mpt_store *store, mpt_time now) {
    if (!is_next(c, offset, end - start))
        return take_any(c, offset, start, end, skip, store, now);
    *store = (mpt_store){c, offset, skip, (uint32_t)(end - start)};
    c->rx.next += end - start;
    mpt_conn_notify(c, MPT_NOTICE_READABLE);
    return end;
}

uint64_t mpt_conn_plain_received(mpt_conn *c, uint64_t start, uint64_t end, uint32_t skip, mpt_store *store,
                                 mpt_time now) {
    return receive_at(c, mpt_stream_of_subflow(start), start, end, skip, store, now);
}

uint64_t mpt_conn_data_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, uint64_t start, uint64_t end,
                                uint32_t skip, mpt_store *store, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (!is_mapped_exactly(c, w, start, end))
        return data_received_otherwise(sf, w, in, start, end, skip, store, now);
    uint64_t offset = stream_of_dsn(c, w->dss.dsn, w->dss.is_dsn64);
    sf->unmapped_heads = 0;
    if (sf->is_join || offset != mpt_stream_of_subflow(start))
        c->fallback.is_straight = false;
    return receive_at(c, offset, start, end, skip, store, now);
}

/* ---- DATA_ACK and DATA_FIN ---- */

void mpt_conn_end_received(mpt_conn *c, uint64_t offset, mpt_time now) {
    if (c->peer_end == UINT64_MAX)
        c->peer_end = offset;
    if (c->peer_ended || c->rx.next != c->peer_end)
        return;
    c->peer_ended = true;
    if (c->last_received)
        c->last_received->t.ack_wanted = true;
    mpt_conn_notify(c, MPT_NOTICE_READABLE);
    mpt_conn_close_progress(c, now);
}

static void data_ack_received(mpt_conn *c, mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    uint64_t base = mpt_conn_dsn(c, 0);
    uint64_t ack = w->dss.is_ack64 ? w->dss.ack : mpt_seq_expand((uint32_t)w->dss.ack, base + c->snd_una);
    uint64_t offset = ack - base, limit = c->snd_nxt + (c->fin_sent ? 1 : 0);
    if (offset > limit) /* one before the stream's first byte, too */
        return;         /* acknowledges what was never sent (RFC 8684 3.3.2): ignored */
    bool is_fin_acked = c->fin_sent && offset == c->snd_nxt + 1;
    uint64_t stream = is_fin_acked ? c->snd_nxt : offset;
    mpt_conn_window(c, stream + ((uint64_t)w->window << sf->t.snd_scale), now);
    if (stream > c->snd_una || is_fin_acked)
        mpt_conn_acked(c, stream, is_fin_acked, now);
}

/** Not inlined, as what follows: that comes once, or never. */
__attribute__((noinline)) void mpt_conn_fully_established(mpt_conn *c, mpt_time now) {
    if (c->is_fully_established)
        return;
    c->is_fully_established = true;
    mpt_conn_wake(c);
    mpt_pm_update(c);
    mpt_conn_close_progress(c, now);
}

/** Is the checksum of a DATA_FIN right, as far as this segment alone can tell? (With data, the mapping's own check follows.) */
static bool is_fin_genuine(const mpt_conn *c, const mpt_wire *w, const mpt_segment *in) {
    uint32_t data_bytes = w->dss.length - 1u;
    if (!c->has_checksum || !w->dss.has_checksum || !in->payload || data_bytes != in->payload_bytes)
        return true;
    mapping m = {.start = w->dss.ssn, .length = w->dss.length, .checksum = w->dss.checksum};
    m.dsn = c->idsn_remote + 1 + stream_of_dsn(c, w->dss.dsn, w->dss.is_dsn64);
    return is_right(&m, payload_sum(in, 0, data_bytes, false));
}

/** A mapping without data, or with the end of the stream. */
static void rare_map_received(mpt_conn *c, mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    bool may_be_infinite = in->payload_bytes > 0 || (w->flags & MPT_FIN) || (w->mptcp & (1u << MPT_MP_FAIL));
    if (mpt_wire_is_infinite(w) &&
        may_be_infinite) { /* it maps what comes with it and after (RFC 8684 3.3.1): a bare ACK maps nothing */
        mpt_fallback_infinite_received(sf, now);
    } else if (w->dss.is_data_fin && !c->fallback.is_failing) {
        uint64_t end = stream_of_dsn(c, w->dss.dsn, w->dss.is_dsn64) + w->dss.length - 1u;
        bool is_credible = end >= c->rx.next && (c->peer_end == UINT64_MAX || c->peer_end == end);
        sf->t.ack_wanted = true; /* repeated ones, too: our DATA_ACK may be lost */
        if (is_credible && is_fin_genuine(c, w, in))
            mpt_conn_end_received(c, end, now);
    }
}

static inline void usual_dss_received(mpt_conn *c, mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    sf->has_dss_passed = true;
    if (w->dss.has_map && w->dss.length > 0)
        c->is_dsn64_received = w->dss.is_dsn64;
    if (w->dss.has_ack)
        data_ack_received(c, sf, w, now);
}

/** Of a connection that begins or ends. Not inlined, nor followed by anything: it costs the others no registers. */
__attribute__((noinline)) static void rare_dss_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in,
                                                        mpt_time now) {
    mpt_conn *c = sf->conn;
    if (!c->has_key_remote)
        return;
    sf->has_dss_passed = true;
    mpt_conn_fully_established(c, now);
    usual_dss_received(c, sf, w, now);
    if (w->dss.has_map && (w->dss.length == 0 || w->dss.is_data_fin))
        rare_map_received(c, sf, w, in, now);
}

void mpt_conn_dss_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_conn *c = sf->conn;
    bool is_rare_map = w->dss.has_map && (w->dss.length == 0 || w->dss.is_data_fin);
    if (is_rare_map || !c->is_fully_established || !c->has_key_remote)
        rare_dss_received(sf, w, in, now);
    else
        usual_dss_received(c, sf, w, now);
}
