/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_edits.h"

#include <stdbool.h>
#include <string.h>

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/** @return how many edits begin before old offset @p old. */
static int64_t edits_before(const mbx_edits *e, int64_t old) {
    if (old <= e->position)
        return 0;
    return e->interval ? (old - e->position - 1) / e->interval + 1 : 1;
}

int64_t mbx_edits_forward(const mbx_edits *e, int64_t old) {
    if (old > e->end)
        return mbx_edits_forward(e, e->end) + (old - e->end);
    int64_t count = edits_before(e, old);
    if (count == 0)
        return old;
    int64_t growth = (int64_t)e->inserted - e->removed;
    int64_t start = e->position + (count - 1) * e->interval;
    int64_t new_start = start + (count - 1) * growth;
    int64_t into = old - start;
    /* The last new byte goes with the last old one, so that no piece that ends an edit becomes empty: nobody would acknowledge it. */
    return into < e->removed ? new_start + least(into, (int64_t)e->inserted - 1) : new_start + into + growth;
}

int64_t mbx_edits_backward(const mbx_edits *e, int64_t renewed) {
    if (e->end != INT64_MAX && renewed >= mbx_edits_forward(e, e->end))
        return e->end + (renewed - mbx_edits_forward(e, e->end));
    if (renewed < e->position)
        return renewed;
    int64_t growth = (int64_t)e->inserted - e->removed;
    int64_t index = e->interval ? (renewed - e->position) / (e->interval + growth) : 0;
    int64_t start = e->position + index * e->interval;
    int64_t into = renewed - (start + index * growth);
    if (into >= e->inserted)
        return start + into - growth;
    return start + (into == (int64_t)e->inserted - 1 ? (int64_t)e->removed - 1 : least(into, (int64_t)e->removed - 1));
}

static bool is_replaced(const mbx_edits *e, int64_t old) {
    int64_t count = edits_before(e, old + 1);
    return count > 0 && old < e->end && old - (e->position + (count - 1) * e->interval) < e->removed;
}

void mbx_edits_apply(const mbx_edits *e, int64_t old, const uint8_t *bytes, uint32_t byte_count, uint8_t *out) {
    for (uint32_t i = 0; i < byte_count; i++) {
        int64_t width = mbx_edits_forward(e, old + i + 1) - mbx_edits_forward(e, old + i);
        memset(out, is_replaced(e, old + i) ? ~bytes[i] : bytes[i], (size_t)width);
        out += width;
    }
}
