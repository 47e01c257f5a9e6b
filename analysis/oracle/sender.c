/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sender.h"

#include <math.h>
#include <stdlib.h>

enum { DUP_THRESHOLD = 3 };

static bool is_bbr(const sender *s) {
    return s->of->rule == RULE_BBR;
}

void sender_init(sender *s, connection *of) {
    *s = (sender){.of = of};
    window_init(&s->w);
    bbr_init(&s->bbr);
    of->path[of->count++] = s;
}

uint64_t sender_send(sender *s, double now) {
    bool is_old = s->to_resend_old > 0;
    if (is_old)
        s->to_resend_old--;
    else if (s->to_resend > 0)
        s->to_resend--;
    if (s->next - s->first >= SENDER_RING)
        abort();
    if (s->in_flight == 0)
        s->heard_at = now;
    s->ring[s->next % SENDER_RING] = (sent_packet){.sent_at = now, .is_old = is_old};
    if (is_bbr(s))
        bbr_send(&s->bbr, &s->ring[s->next % SENDER_RING].bbr, s->in_flight, s->delivered, now);
    s->in_flight++;
    s->sent_then++;
    return s->next++;
}

static void reduce(sender *s, bool is_by_marks, double now) {
    s->flight_then = (double)s->in_flight;
    if (is_by_marks)
        window_fall_by_marks(s);
    else if (!is_bbr(s))
        window_fall(s, now);
    s->delivered_then = s->sent_then = 0;
    s->reduced_at = s->next;
    s->is_recovering = true;
    s->is_hit_again = false;
    s->old_left = s->to_resend_old = s->to_resend + s->to_resend_old;
    s->to_resend = 0;
    for (uint64_t i = s->first; i < s->next; i++) {
        sent_packet *k = &s->ring[i % SENDER_RING];
        if (k->is_arrived || k->is_known)
            continue; /* not in flight */
        k->is_old = true;
        s->old_left++;
    }
}

/* Packet i is known to be lost. */
static void lose(sender *s, uint64_t i, double now) {
    sent_packet *k = &s->ring[i % SENDER_RING];
    k->is_known = true;
    s->in_flight--;
    s->lost++;
    if (i >= s->reduced_at && !s->is_recovering) {
        reduce(s, false, now);
        s->old_left++; /* this one */
        s->to_resend_old++;
    } else if (k->is_old) {
        s->to_resend_old++;
    } else {
        s->to_resend++;
        s->is_hit_again = true;
    }
}

static void settle(sender *s) {
    while (s->first < s->next &&
           (s->ring[s->first % SENDER_RING].is_arrived || s->ring[s->first % SENDER_RING].is_known))
        s->first++;
}

double sender_departs_at(const sender *s) {
    return is_bbr(s) ? s->bbr.departs_at : 0;
}

double sender_allows(const sender *s) {
    if (is_bbr(s))
        return floor(s->bbr.window) - (double)s->in_flight;
    if (!s->is_recovering)
        return floor(s->w.window) - (double)s->in_flight;
    double threshold = floor(s->w.threshold);
    if ((double)s->in_flight > threshold)
        return ceil(s->delivered_then * threshold / s->flight_then) - s->sent_then;
    return fmin(threshold - (double)s->in_flight, fmax(s->delivered_then - s->sent_then, 1) + 1);
}

static void deliver(sender *s, bool is_old, double now) {
    s->in_flight--;
    s->delivered++;
    s->heard_at = now;
    s->w.since_loss++;
    if (!s->is_recovering) {
        if (!is_bbr(s))
            window_grow(s, now);
        return;
    }
    s->delivered_then++;
    if (is_old && --s->old_left == 0) {
        s->is_recovering = false;
        s->w.window = s->w.threshold;
        if (s->is_hit_again)
            reduce(s, false, now);
    }
}

void sender_acked(sender *s, uint64_t i, double now) {
    sent_packet *k = &s->ring[i % SENDER_RING];
    if (k->is_known)
        return; /* a probe called it lost */
    uint64_t prior_flight = s->in_flight;
    window_rtt(s, now - k->sent_at, now);
    window_look_at_mark(s, i, k->is_marked);
    k->is_arrived = true;
    deliver(s, k->is_old, now);
    if (k->is_marked && i >= s->reduced_at && !s->is_recovering && s->in_flight > 0)
        reduce(s, true, now); /* no growth for a round trip (RFC 3168), as after a loss */
    unsigned behind = 0;      /* what has more behind it is known */
    for (uint64_t j = i + 1; j-- > s->first && behind <= DUP_THRESHOLD;) {
        sent_packet *before = &s->ring[j % SENDER_RING];
        if (before->is_arrived)
            behind++;
        else if (behind >= DUP_THRESHOLD && !before->is_known)
            lose(s, j, now);
    }
    settle(s);
    if (is_bbr(s))
        bbr_acked(&s->bbr, &k->bbr,
                  &(bbr_ack){.now = now,
                             .sent_at = k->sent_at,
                             .srtt_s = s->w.srtt_s,
                             .delivered = s->delivered,
                             .in_flight = s->in_flight,
                             .prior_flight = prior_flight,
                             .lost = s->lost,
                             .is_recovering = s->is_recovering});
    s->lost = 0;
}

double sender_probe_at(const sender *s) {
    /* two round trips until the probe leaves, one until it is back; RFC 6298's second where none is known */
    return s->in_flight == 0 ? INFINITY : s->heard_at + (s->w.srtt_s > 0 ? 3 * s->w.srtt_s : 1);
}

void sender_probe(sender *s, double now) {
    for (uint64_t i = s->first; i < s->next; i++) {
        sent_packet *k = &s->ring[i % SENDER_RING];
        if (!k->is_arrived && !k->is_known)
            lose(s, i, now);
    }
    settle(s);
    s->heard_at = now;
}
