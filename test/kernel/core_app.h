/* SPDX-License-Identifier: GPL-2.0-or-later */
/** core_app.h: the application above the core: one connection, a pattern both ways, compared byte by byte. */
#ifndef CORE_APP_H
#define CORE_APP_H

#include "mpt.h"
#include "sim_store.h"

enum { CORE_SUBFLOWS_MAX = 32 };

typedef struct core_app {
    /* what it shall do */
    bool is_client;
    bool is_responder; /**< writes only after the peer's end */
    uint64_t bytes_to_write;
    /* what it did */
    mpt_conn *conn;     /**< NULL: not yet, or no longer */
    mpt_status outcome; /**< MPT_OK: closed in good order */
    bool is_connected, is_shut, is_ended, is_closed, is_over;
    sim_store sent, received;
    uint64_t written, read;
    mpt_time connected_at, last_read_at;
    mpt_time gap_max_ns;                          /**< longest pause between two reads, before the peer's end */
    mpt_conn_info info;                           /**< as it was last */
    mpt_subflow_info subflows[CORE_SUBFLOWS_MAX]; /**< by id, as each was last */
    uint32_t subflow_count;
} core_app;

void core_app_notice(core_app *a, const mpt_notice *n, mpt_time now);
/** The bytes of an outgoing segment. */
const uint8_t *core_app_payload(const core_app *a, const mpt_segment *s);
/** Keep the bytes of an incoming segment. */
void core_app_store(core_app *a, const mpt_store *store, const uint8_t *payload);
/** Look at the connection once more. */
void core_app_observe(core_app *a);
/** Print the results, each as " KEY=VALUE". */
void core_app_print(const core_app *a);
void core_app_free(core_app *a);

#endif
