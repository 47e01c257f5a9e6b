/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ideal Reno under random loss, packet by packet, independent of the core: where the numbers rfc-5681-* of
 * analysis/reference/sqrt-law.csv come from. Each packet is lost with probability p; the round-trip time is 1 and nothing
 * queues. Congestion avoidance and halving to whole packets (RFC 5681), no growth in a recovery, packets in it in
 * proportion to what is delivered (RFC 6937), one reduction for all that was in flight at it, lost retransmissions
 * found by what was sent after them; a loss is known with the third delivery behind it (RFC 6675). No timeouts.
 *
 * model_reno ANALYSIS_FOLDER: prints K = rate x RTT x sqrt(p) for each loss, its standard error and the reference; exit status 1 when they
 * differ by more than 1.5 %, which is rounding and chance.
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_rng.h>

#include "../../analysis/reference.h"
#include "../../analysis/resource.h"

enum { RING = 1 << 16, RUNS = 10, PACKETS = 2000000, DUP_THRESHOLD = 3 };

typedef struct {
    double sent_at;
    bool is_lost, is_known; /* known: to be lost */
    bool is_old;            /* of the window that the recovery under way has to mend */
} packet;

typedef struct {
    packet ring[RING];                /* in flight or not yet known to be lost, in the order they were sent */
    uint64_t first, next, known;      /* the oldest of them, the next to be sent, the first whose fate is open */
    uint64_t reduced_at;              /* .next at the last reduction: losses before it cost nothing more */
    double window, acked, threshold;  /* packets, whole; acked: since the window grew */
    double now;                       /* round-trip times */
    bool is_recovering, is_hit_again; /* hit again: what was sent in the recovery is lost, too; the next one follows */
    uint64_t old_left, to_resend_old, to_resend;   /* of this recovery's window; those known lost and waiting */
    double delivered_then, sent_then, flight_then; /* RFC 6937: prr_delivered, prr_out, RecoverFS */
    uint64_t in_flight, delivered;
} sender;

static void send_one(sender *s, gsl_rng *random, double p) {
    bool is_old = s->to_resend_old > 0;
    if (is_old)
        s->to_resend_old--;
    else if (s->to_resend > 0)
        s->to_resend--;
    s->ring[s->next++ % RING] = (packet){.sent_at = s->now, .is_lost = gsl_rng_uniform(random) < p, .is_old = is_old};
    s->in_flight++;
    s->sent_then++;
}

static void reduce(sender *s) {
    s->flight_then = (double)s->in_flight;
    s->threshold = fmax(2, floor(s->window / 2));
    s->acked = s->delivered_then = s->sent_then = 0;
    s->reduced_at = s->next;
    s->is_recovering = true;
    s->is_hit_again = false;
    s->old_left = s->to_resend + s->to_resend_old;
    s->to_resend_old = s->old_left;
    s->to_resend = 0;
    for (uint64_t i = s->first; i < s->next; i++) {
        packet *k = &s->ring[i % RING];
        if (i < s->known && (!k->is_lost || k->is_known))
            continue; /* not in flight */
        k->is_old = true;
        s->old_left++;
    }
}

/* The packet sent as number i is known to be lost. */
static void lose(sender *s, uint64_t i) {
    s->in_flight--;
    if (i >= s->reduced_at && !s->is_recovering) {
        reduce(s);
        s->old_left++; /* this one */
        s->to_resend_old++;
    } else if (s->ring[i % RING].is_old) {
        s->to_resend_old++;
    } else {
        s->to_resend++;
        s->is_hit_again = true;
    }
}

static double allowed(const sender *s) {
    if (!s->is_recovering)
        return s->window - (double)s->in_flight;
    if ((double)s->in_flight > s->threshold)
        return ceil(s->delivered_then * s->threshold / s->flight_then) - s->sent_then;
    return fmin(s->threshold - (double)s->in_flight, fmax(s->delivered_then - s->sent_then, 1) + 1);
}

static void deliver(sender *s, const packet *k) {
    s->in_flight--;
    s->delivered++;
    if (!s->is_recovering) {
        if (++s->acked >= s->window) {
            s->acked = 0;
            s->window++;
        }
        return;
    }
    s->delivered_then++;
    if (k->is_old && --s->old_left == 0) {
        s->is_recovering = false;
        s->window = s->threshold;
        if (s->is_hit_again)
            reduce(s);
    }
}

/* The fate of the oldest packet whose fate is open shows, a round-trip time after it was sent. */
static void step(sender *s, gsl_rng *random, double p) {
    packet *k = &s->ring[s->known % RING];
    s->now = fmax(s->now, k->sent_at + 1);
    s->known++;
    if (k->is_lost)
        return; /* shows with what comes behind it */
    deliver(s, k);
    unsigned behind = 0; /* what has more behind it is known */
    for (uint64_t i = s->known; i-- > s->first && behind <= DUP_THRESHOLD;) {
        packet *before = &s->ring[i % RING];
        if (!before->is_lost) {
            behind++;
        } else if (behind == DUP_THRESHOLD && !before->is_known) {
            before->is_known = true;
            lose(s, i);
        }
    }
    while (s->first < s->known && (!s->ring[s->first % RING].is_lost || s->ring[s->first % RING].is_known))
        s->first++;
    for (double n = allowed(s); n >= 1; n--)
        send_one(s, random, p);
}

static double run(gsl_rng *random, double p) {
    sender *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->window = floor(1 / sqrt(p));
    for (double n = 0; n < s->window; n++) {
        s->now = n / s->window;
        send_one(s, random, p);
    }
    while (s->delivered < PACKETS) {
        if (s->known == s->next)
            send_one(s, random, p); /* all is lost: a timeout's packet, without its penalty */
        step(s, random, p);
    }
    double k = (double)s->delivered / s->now * sqrt(p);
    free(s);
    return k;
}

static int judge(const reference_line *line, gsl_rng *random) {
    double sum = 0, squares = 0, p = strtod(strchr(line->where, '=') + 1, NULL);
    for (int i = 0; i < RUNS; i++) {
        double k = run(random, p);
        sum += k;
        squares += k * k;
    }
    double mean = sum / RUNS, error = sqrt(fmax(0, squares / RUNS - mean * mean) / (RUNS - 1));
    int is_same = fabs(mean / line->expected - 1) <= 0.015;
    printf("%-6g K = %.4f, standard error %.4f, reference %g%s\n", p, mean, error, line->expected,
           is_same ? "" : ": DIFFERS");
    return is_same;
}

int main(int argc, char **argv) {
    static const char prefix[] = "rfc-5681-";
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    if (argc != 2) {
        fputs("usage: model_reno ANALYSIS_FOLDER\n", stderr);
        return 2;
    }
    resource_find(argv[1]);
    reference r = reference_read("sqrt-law");
    int passed = 0, failed = 0;
    for (size_t i = 0; i < r.n; i++) {
        if (strncmp(r.item[i].name, prefix, sizeof prefix - 1) != 0)
            continue;
        if (judge(&r.item[i], random))
            passed++;
        else
            failed++;
    }
    reference_free(&r);
    gsl_rng_free(random);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}
