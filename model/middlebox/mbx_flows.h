/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mbx_flows.h: how long a box remembers a connection (RFC 5382 section 5), and a table of what it knows of those that are
 * not over. At most MBX_FLOWS_MAX at once, as a real box: what is beyond that passes unknown.
 */
#ifndef MBX_FLOWS_H
#define MBX_FLOWS_H

#include "mbx_table.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MBX_FLOWS_MAX 65536
#define MBX_IDLE_NS INT64_C(7440000000000)      /**< of an open connection: 2 h 4 min */
#define MBX_TRANSITORY_NS INT64_C(240000000000) /**< of one that opens or has ended */

typedef struct mbx_life {
    int64_t last_ns;   /**< when a segment passed */
    bool is_open;      /**< SYNs are over */
    bool is_reset;     /**< the last segment was an RST */
    bool has_ended[2]; /**< a FIN went up, and down */
} mbx_life;

/** A segment of the connection passes. */
void mbx_life_note(mbx_life *life, const mbx_segment *s, mbx_direction direction, int64_t now_ns);
/** @param idle_ns that an open connection may take @return whether it has been idle for too long. */
bool mbx_life_is_over(const mbx_life *life, int64_t idle_ns, int64_t now_ns);

typedef struct mbx_flows {
    mbx_table table;
    size_t state_bytes; /**< what the box keeps of a connection */
    size_t sweep_at;    /**< number of connections at which those that are over are looked for */
} mbx_flows;

/** @return what is known of the segment's connection, valid until it is over; NULL: nothing. */
void *mbx_flows_find(mbx_flows *f, const mbx_host *host, const mbx_segment *s, mbx_direction direction);
/** The same, but an unknown one is known from now on, zeroed. @return NULL where there is no room. */
void *mbx_flows_open(mbx_flows *f, const mbx_host *host, const mbx_segment *s, mbx_direction direction);
void mbx_flows_free(mbx_flows *f, const mbx_host *host);

#ifdef __cplusplus
}
#endif
#endif
