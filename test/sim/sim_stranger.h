/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_stranger.h: a third host. It sees what passes (as its filter), keeps some of it, and sends segments of its own making, under
 * its own address or another's.
 */
#ifndef SIM_STRANGER_H
#define SIM_STRANGER_H

#include "sim_world.h"

/** Segments worth keeping: the first of each kind, per link. */
typedef enum sim_loot { SIM_LOOT_KEYS, SIM_LOOT_JOIN_SYN, SIM_LOOT_JOIN_ACK, SIM_LOOT_ADD_ADDR, SIM_LOOTS } sim_loot;

typedef struct sim_stranger {
    sim_world *world;
    mpt_time lose_data_from_ns, lose_data_until_ns; /**< swallows the client's payload in this time */
    bool loses_joins;                               /**< swallows SYNs with MP_JOIN */
    /* results */
    sim_packet *last[SIM_LINKS_MAX][2]; /**< the latest segment of each host */
    sim_packet *loot[SIM_LOOTS][SIM_LINKS_MAX];
    uint32_t answers, resets; /**< segments, and RSTs among them, to its own addresses */
    uint32_t payload_bytes;   /**< payload among them */
    mpt_wire answer;          /**< the latest of them */
} sim_stranger;

/** A world with @p a in it. */
sim_world *sim_stranger_world(const sim_scenario *s, sim_stranger *a);
/** Run to the end and free. */
void sim_stranger_finish(sim_stranger *a);
/** One of its own addresses. */
mpt_addr sim_stranger_address(uint32_t index);

/** @return a pure ACK without options but timestamps, as @p from could send next on @p link. */
mpt_wire sim_stranger_next(const sim_stranger *a, uint32_t link, int from);
/** Send @p wire and @p payload_bytes of @p payload (NULL: zeroes) on @p link as if @p from had. */
void sim_stranger_spoof(sim_stranger *a, uint32_t link, int from, const mpt_wire *wire, const uint8_t *payload,
                        uint32_t payload_bytes);
/** Send @p wire from one's own address @p index to the server's first address. */
void sim_stranger_send(sim_stranger *a, uint32_t index, const mpt_wire *wire);
/** Send a kept segment once more. */
void sim_stranger_replay(sim_stranger *a, const sim_packet *p);
/** @return the decoded header of @p p, which must be there. */
mpt_wire sim_stranger_decode(const sim_packet *p);

#endif
