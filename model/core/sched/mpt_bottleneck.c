/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_bottleneck.c: see mpt_bottleneck.h. */
#include "sched/mpt_bottleneck.h"

static uint32_t microseconds(mpt_time ns) {
    return ns < UINT32_MAX * INT64_C(1000) ? (uint32_t)(ns / 1000) : UINT32_MAX;
}

/** The train was spread by @p passed_ns, of which the growth of the round-trip time was its own queue. */
static void measure(mpt_bottleneck *b, mpt_time grown_ns, mpt_time passed_ns) {
    double rate = (double)b->bytes * 1e9 / (double)passed_ns;
    if (rate >= UINT32_MAX) { /* 34 Gb/s: more than can be told */
        b->rate_bytes_per_s = b->sample_bytes_per_s = 0;
        return;
    }
    uint32_t sample = (uint32_t)rate;
    bool is_dispersed = 4 * grown_ns >= passed_ns; /* else it left no faster, and the link passes at least that */
    if (is_dispersed) { /* one segment that comes late spreads its train: the better of two */
        b->rate_bytes_per_s = sample > b->sample_bytes_per_s ? sample : b->sample_bytes_per_s;
        b->sample_bytes_per_s = sample;
    } else if (b->rate_bytes_per_s > 0 && sample > b->rate_bytes_per_s) {
        b->rate_bytes_per_s = sample;
    }
}

void mpt_bottleneck_acked(mpt_bottleneck *b, uint32_t bytes, uint32_t train_bytes, mpt_time rtt_ns, mpt_time round_ns,
                          mpt_time now) {
    mpt_time passed = now - b->since_ns;
    bool has_begun = b->rtt_us > 0 && passed <= round_ns;
    b->bytes += bytes;
    if (has_begun && b->bytes < train_bytes)
        return;
    mpt_time rtt_us = microseconds(rtt_ns);
    if (has_begun && passed > 0)
        measure(b, (rtt_us - b->rtt_us) * 1000, passed);
    b->since_ns = now;
    b->rtt_us = (uint32_t)rtt_us;
    b->bytes = 0;
}

enum { PERCENT = 125 };

uint32_t mpt_bottleneck_rate(const mpt_bottleneck *b, uint32_t train_bytes, mpt_time round_ns) {
    double train_ns = (double)train_bytes * 1e9 * 100 / PERCENT;
    return train_ns <= (double)round_ns * (double)b->rate_bytes_per_s ? b->rate_bytes_per_s : 0;
}

mpt_time mpt_bottleneck_span(uint32_t rate_bytes_per_s, uint64_t bytes) {
    return rate_bytes_per_s > 0 ? (mpt_time)((double)bytes * 1e9 * 100 / PERCENT / (double)rate_bytes_per_s) : 0;
}
