/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_link.h: one path between the two hosts: a queue, a rate, a delay and random faults for each direction, and the
 * middleboxes on it. The client's address says which link a segment takes.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "mpt.h"
#include "wire/mpt_wire.h"
#include "sim_rng.h"
#include "sim_stats.h"

enum { SIM_CLIENT = 0, SIM_SERVER = 1 };

/** A segment on its way, payload included. */
typedef struct sim_packet {
    mpt_segment segment;
    uint32_t link;
    uint8_t to; /**< SIM_CLIENT or SIM_SERVER */
    uint8_t payload[];
} sim_packet;

sim_packet *sim_packet_new(uint32_t payload_bytes);
sim_packet *sim_packet_copy(const sim_packet *p);
uint32_t sim_packet_ip_bytes(const sim_packet *p);

/** Which segments lose their MPTCP options (replaced by NOPs, as middleboxes do). */
typedef enum sim_strip {
    SIM_STRIP_NONE,
    SIM_STRIP_SYN,    /**< on SYN and SYN/ACK */
    SIM_STRIP_SYNACK, /**< on SYN/ACK only */
    SIM_STRIP_DATA,   /**< on segments with payload */
    SIM_STRIP_ALL,
    SIM_STRIP_TO_SERVER, /**< on everything the client sends */
    SIM_STRIP_TO_CLIENT, /**< on everything the server sends */
    SIM_STRIP_ACK,       /**< on segments without payload, SYNs excepted */
    SIM_STRIP_JOIN,      /**< MP_JOIN, wherever it is */
    SIM_STRIP_ADDRESS,   /**< ADD_ADDR and REMOVE_ADDR, wherever they are */
    SIM_STRIP_KINDS
} sim_strip;

typedef struct sim_link_settings {
    uint64_t rate_bps;  /**< 0 = infinite */
    mpt_time delay_ns;  /**< one way */
    mpt_time jitter_ns; /**< added delay of 0 .. jitter_ns a segment: reorders */
    uint32_t queue_bytes_max;
    uint32_t mtu_bytes;
    uint32_t loss_ppm, duplicate_ppm;
    uint32_t flip_ppm;                /**< a bit of the segment flips; the checksum notices */
    uint32_t corrupt_ppm;             /**< a middlebox changes the header and makes the checksum right again */
    uint32_t rewrite_ppm;             /**< as corrupt_ppm, of the payload */
    uint32_t forge_ppm;               /**< of MP_JOINs and ADD_ADDRs: the token or HMAC changes */
    uint32_t mark_ppm;                /**< congestion marks (RFC 3168) */
    uint32_t split_ppm, coalesce_ppm; /**< a middlebox cuts a segment in two, or merges it with the next */
    uint32_t replay_ppm;              /**< a copy comes long after */
    bool is_renumbering;              /**< a middlebox chooses the sequence numbers, soon to wrap */
    sim_strip strip;
    bool has_nat; /**< client's address and port are rewritten */
    bool is_ipv6;
} sim_link_settings;

typedef struct sim_link {
    sim_link_settings settings;
    bool is_down;           /**< the client has not its address: a segment from there is a mistake */
    bool is_blocked;        /**< everything is lost, for both directions */
    bool is_dead;           /**< as is_blocked, and for ever */
    mpt_time busy_until[2]; /**< per sending host */
    mpt_time last_arrival[2];
    uint32_t shift[2]; /**< what a renumbering middlebox adds to the numbers of each host */
    bool has_shift[2];
    sim_packet *held[2]; /**< per sending host: waits for the next to be merged with */
    uint64_t *stats;     /**< of the world, SIM_STAT_KINDS */
} sim_link;

/**
 * Pass a segment of @p bytes sent by @p from through queue, rate, delay and faults.
 * @return how many copies arrive (0, 1 or 2), with their times in @p arrival
 */
uint32_t sim_link_send(sim_link *l, int from, uint32_t bytes, sim_rng *rng, mpt_time now, mpt_time arrival[2]);

/** Let the link's middleboxes have the segment: strip options, rewrite addresses and numbers, corrupt. */
void sim_middlebox_pass(sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng);
/** @return true when the token or HMAC of the segment's MP_JOIN or ADD_ADDR was changed. */
bool sim_middlebox_forge(sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng);
/** Make the TCP checksum right after a change; a DSS checksum stays: a middlebox does not know of it. */
void sim_middlebox_seal(sim_packet *p);
/** Cut a segment in two, options copied (RFC 8684 3.3.1). @return the second part, or NULL. */
sim_packet *sim_segment_split(sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng);
/** Append @p next, which is left as it is, to @p p, options of @p next lost. @return NULL when they do not fit together, else the merged one in place of @p p */
sim_packet *sim_segment_merge(sim_link *l, sim_packet *p, const sim_packet *next, bool is_sealed);
/** Address of the client on link @p index, and what the server sees of it behind a NAT. */
mpt_addr sim_client_address(uint32_t index, bool is_ipv6);
mpt_addr sim_nat_address(uint32_t index, bool is_ipv6);
mpt_addr sim_server_address(uint32_t index, bool is_ipv6);
/** @return which address of the server's @p a is, or UINT32_MAX. */
uint32_t sim_server_index(const mpt_addr *a);
/** @return the link that the client's address @p a (real or behind NAT) belongs to, or UINT32_MAX. */
uint32_t sim_link_of(const mpt_addr *a);
/** Replace every MPTCP option of @p header by NOPs. */
void sim_strip_mptcp(uint8_t *header, uint32_t header_bytes);

#endif
