/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * emu_link.h: one direction of an emulated link in real time: a queue of packets that drops at its tail, a rate, a delay, and
 * faults by a seed. Packets are bytes; whoever owns the link puts them in and takes them out when they are due.
 */
#ifndef EMU_LINK_H
#define EMU_LINK_H

#include "mpt.h"
#include "sim_rng.h"

enum { EMU_QUEUE_MAX = 1000 };

/** Whose MPTCP options a box on the way removes. */
typedef enum emu_strip {
    EMU_STRIP_NONE,
    EMU_STRIP_SYN, /**< SYN's and SYN/ACK's */
    EMU_STRIP_SYNACK,
    EMU_STRIP_DATA, /**< segments' with payload */
    EMU_STRIP_ALL
} emu_strip;

typedef struct emu_settings {
    uint64_t rate_bps; /**< 0 = infinite */
    mpt_time delay_ns;
    uint32_t queue_packets; /**< waiting and in transmission; 1 .. EMU_QUEUE_MAX */
    bool acks_pass;         /**< a full queue drops segments with payload only: what is sent but once arrives */
    uint32_t loss_ppm;
    uint32_t lose_from, lose_to; /**< these are lost, counted from 1 on as they come; 0 = none */
    uint32_t reorder_ppm;        /**< so many arrive late by reorder_ns: others overtake them */
    mpt_time reorder_ns;
    emu_strip strip;
    uint32_t badsum_nth; /**< from that one on the segments with a DSS checksum have it wrong; 0 = none */
} emu_settings;

typedef struct emu_packet {
    struct emu_packet *next;
    mpt_time due;
    uint32_t bytes;
    uint8_t data[];
} emu_packet;

typedef struct emu_link {
    emu_settings settings;
    bool is_broken;         /**< every packet is lost, without a word */
    mpt_time mended_at;     /**< 0: never */
    mpt_time back_after_ns; /**< first payload delivered so long after that; 0: none yet */
    sim_rng rng;
    uint32_t put_count; /**< packets so far */
    uint32_t dss_sums;  /**< segments with a DSS checksum so far */
    mpt_time busy_until;
    mpt_time departures[EMU_QUEUE_MAX]; /**< ends of the transmissions to come, a ring */
    uint32_t first, waiting;
    emu_packet *head, *tail;         /**< on their way, by due time */
    uint64_t packets, payload_bytes; /**< delivered */
    uint64_t dropped_queue, dropped_loss, late_packets;
    mpt_time lag_max_ns; /**< latest delivery after its due time */
} emu_link;

/** A packet enters the link. */
void emu_link_put(emu_link *l, const uint8_t *packet, uint32_t bytes, mpt_time now);
/** @return when emu_link_take() has something; MPT_NEVER: nothing is on its way. */
mpt_time emu_link_due(const emu_link *l);
/** @return the next packet that is due, to be freed by the caller, or NULL. */
emu_packet *emu_link_take(emu_link *l, mpt_time now);
void emu_link_clear(emu_link *l);

#endif
