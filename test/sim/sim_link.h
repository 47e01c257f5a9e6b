/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * sim_link.h: one path between the two hosts: a queue, a rate, a delay and random faults for each direction, and the
 * middleboxes on it. The client's address says which link a segment takes.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "mpt.h"
#include "mpt_wire.h"
#include "sim_rng.h"

enum { SIM_CLIENT = 0, SIM_SERVER = 1 };

/** A segment on its way, payload included. */
typedef struct sim_packet {
    mpt_segment segment;
    uint32_t link;
    uint8_t to;            /**< SIM_CLIENT or SIM_SERVER */
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
    SIM_STRIP_ALL
} sim_strip;

typedef struct sim_link_settings {
    uint64_t rate_bps;           /**< 0 = infinite */
    mpt_time delay_ns;           /**< one way */
    mpt_time jitter_ns;          /**< added delay of 0 .. jitter_ns a segment: reorders */
    uint32_t queue_bytes_max;
    uint32_t mtu_bytes;
    uint32_t loss_ppm, duplicate_ppm;
    uint32_t flip_ppm;           /**< a bit of the segment flips; the checksum notices */
    uint32_t corrupt_ppm;        /**< a middlebox changes the header and makes the checksum right again */
    uint32_t rewrite_ppm;        /**< a middlebox changes a byte of the payload, and makes the TCP checksum right again */
    sim_strip strip;
    bool has_nat;                /**< client's address and port are rewritten */
    bool is_ipv6;
} sim_link_settings;

typedef struct sim_link {
    sim_link_settings settings;
    bool is_down;                /**< the client has not its address: a segment from there is a mistake */
    bool is_blocked;             /**< everything is lost, for both directions */
    bool is_dead;                /**< as is_blocked, and for ever */
    mpt_time busy_until[2];      /**< per sending host */
} sim_link;

/**
 * Pass a segment of @p bytes sent by @p from through queue, rate, delay and faults.
 * @return how many copies arrive (0, 1 or 2), with their times in @p arrival
 */
uint32_t sim_link_send(sim_link *l, int from, uint32_t bytes, sim_rng *rng, mpt_time now, mpt_time arrival[2]);

/** Let the link's middleboxes have the segment: strip options, rewrite addresses, corrupt options. */
void sim_middlebox_pass(const sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng);
/** Address of the client on link @p index, and what the server sees of it behind a NAT. */
mpt_addr sim_client_address(uint32_t index, bool is_ipv6);
mpt_addr sim_nat_address(uint32_t index, bool is_ipv6);
mpt_addr sim_server_address(uint32_t index, bool is_ipv6);
/** @return which address of the server's @p a is, or UINT32_MAX. */
uint32_t sim_server_index(const mpt_addr *a);
/** @return the link that the client's address @p a (real or behind NAT) belongs to, or UINT32_MAX. */
uint32_t sim_link_of(const mpt_addr *a);
/** @return true when a box that strips as @p strip says takes the MPTCP options of @p s. */
bool sim_is_stripped(sim_strip strip, const mpt_segment *s);
/** Replace every MPTCP option of @p header by NOPs. */
void sim_strip_mptcp(uint8_t *header, uint32_t header_bytes);

#endif
