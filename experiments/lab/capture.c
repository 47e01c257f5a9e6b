/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

static void append(void *user, const char *bytes, size_t count) {
    text_append(user, bytes, count);
}

bool capture(char *const *argv, text_buf *out, pool_outcome *outcome) {
    pool *p = pool_new(1);
    pool_job job = {.argv = argv,
                    .timeout_s = CAPTURE_TIMEOUT_S,
                    .memory_bytes_max = CAPTURE_MEMORY_BYTES,
                    .on_stdout = append,
                    .user = out};
    text_append(out, "", 0);
    bool has_ended = false;
    if (pool_start(p, &job)) {
        while (!has_ended && !pool_stop_signal()) {
            has_ended = pool_wait(p, 1000, outcome);
        }
    }
    pool_free(p);
    return has_ended;
}

char *capture_end_text(const pool_outcome *outcome) {
    switch (outcome->end) {
    case POOL_EXITED: return text_format("exit status %d", outcome->code);
    case POOL_SIGNALLED: return text_format("signal %d", outcome->code);
    case POOL_TIMEOUT: return text_copy("killed at the time limit");
    case POOL_OOM: return text_copy("killed at the memory limit");
    case POOL_CANCELLED: return text_copy("killed");
    }
    return text_copy("");
}
