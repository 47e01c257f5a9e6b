/* SPDX-License-Identifier: GPL-2.0-or-later */
/** sim_case.h: tools for cases of named behaviour: a middlebox under the case's control, and what it saw. */
#ifndef SIM_CASE_H
#define SIM_CASE_H

#include "sim_world.h"

/** What a box on the path looks for and does; it sees every segment. */
typedef struct sim_box {
    bool (*matches)(struct sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
    bool (*act)(struct sim_box *b, sim_packet *p, const mpt_wire *w); /**< @return false = the segment is lost */
    uint32_t skip, times;       /**< matches left alone first; matches acted upon after them */
    uint32_t every;             /**< only every n-th of those; 0 = all */
    mpt_time from_ns, until_ns; /**< acts only in this time; until 0 = for ever */
    uint32_t link;              /**< for the matchers that look at it */
    uint32_t highest_seq;       /**< kept by sim_is_resent_data() */
    uint32_t cut_seq;           /**< of sim_do_cut(): where bytes are taken out of the client's stream */
    uint32_t cut_bytes;
    uint32_t cut_after; /**< segments before it cuts */
    /* results */
    uint32_t matched, acted;
    mpt_time first_at;                     /**< of the first match */
    uint64_t data_bytes[SIM_LINKS_MAX][2]; /**< payload put on each link by each host */
    uint32_t resets[SIM_LINKS_MAX][2];     /**< RSTs put on each link by each host */
    bool has_reset_reason;
    uint32_t reset_reason; /**< of the first MP_TCPRST */
    mpt_time last_data_at[SIM_LINKS_MAX];
} sim_box;

/** A world with @p b as its filter. */
sim_world *sim_case_world(const sim_scenario *s, sim_box *b);
/** Run to the end and free. */
void sim_case_finish(sim_world *w);
/** Two links of 10 Mb/s, @p bytes each way. */
void sim_case_two_links(sim_scenario *s, const char *name, uint64_t client_bytes, uint64_t server_bytes);
const mpt_counters *sim_case_counters(const sim_world *w, int side);
mpt_conn_info sim_case_info(const sim_world *w, int side);

/* Matchers */
bool sim_is_any(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_syn(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_capable_syn(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_synack(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_capable_ack(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_join_syn(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_join_synack(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_join_ack(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_add_addr(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_data_fin(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_fin(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
/** Payload on link b->link. */
bool sim_is_data_on_link(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
/** Payload, on any link. */
bool sim_is_client_data(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
bool sim_is_server_data(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
/** The client's payload on link b->link, sent before. */
bool sim_is_resent_data(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);
/** A pure ACK of the server's on link b->link. */
bool sim_is_server_ack_on_link(sim_box *b, int from, const sim_packet *p, const mpt_wire *w);

/* Actions */
bool sim_do_watch(sim_box *b, sim_packet *p, const mpt_wire *w);
bool sim_do_lose(sim_box *b, sim_packet *p, const mpt_wire *w);
/** One bit of the token or HMAC of an MP_JOIN or ADD_ADDR changes, the checksum is made right. */
bool sim_do_forge(sim_box *b, sim_packet *p, const mpt_wire *w);
/** The DSN of a DATA_FIN (4-byte DATA_ACK, 8-byte DSN) moves 64 bytes up or down, the TCP checksum is made right. */
bool sim_do_move_end(sim_box *b, sim_packet *p, const mpt_wire *w);
/** The last byte of the payload changes, the TCP checksum is made right. */
bool sim_do_rewrite(sim_box *b, sim_packet *p, const mpt_wire *w);
/**
 * A gateway that shortens what the client says (RFC 3022's FTP is the classic): cut_bytes bytes go from the first segment acted upon, sequence numbers
 * behind and acknowledgements back are translated. Must act on all segments; it does not understand SACK.
 */
bool sim_do_cut(sim_box *b, sim_packet *p, const mpt_wire *w);
/** The MPTCP options become NOPs. */
bool sim_do_strip(sim_box *b, sim_packet *p, const mpt_wire *w);
/** The segment becomes an RST. */
bool sim_do_reset(sim_box *b, sim_packet *p, const mpt_wire *w);
/** An RST of which the sequence number is in the window, but not the next. */
bool sim_do_reset_off_by_some(sim_box *b, sim_packet *p, const mpt_wire *w);

#endif
