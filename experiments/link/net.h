/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * net.h: the simulated network: hosts of the core, paths from their interfaces to one core router, flows between them.
 *
 * A path is what helper/mptcp-path-ethernet.cc builds of ns-3's parts: for one host a wire each way to the core router;
 * for several a switch (a router, in fact) that they share the wire behind, and a cable from each of them to it.
 */
#ifndef LINK_NET_H
#define LINK_NET_H

#include "policy_file.h"
#include "clock.h"
#include "command.h"
#include "measure.h"
#include "mpt.h"
#include "packet.h"
#include "rng.h"
#include "walk.h"
#include "wire.h"

#include <stdio.h>

enum { HOPS_MAX = 2 + SCN_LINKS_MAX, PORT_FIRST = 5001, CLIENT_PORT_FIRST = 49153, ADDRESSES_OF_PATH = 256 };

struct net;
struct host;

/** A host's attachment to a path. */
struct interface {
    struct net *net;
    struct host *host;
    struct path *path;
    mpt_addr addr;
    bool is_up;
    bool is_signal;                                     /**< as in mpt_local_address */
    uint8_t link;                                       /**< as there: its index among the host's */
    bool is_known;                                      /**< the core was told that it is up */
    struct wire *up[HOPS_MAX + 1], *down[HOPS_MAX + 1]; /**< wires to the core router and from there; NULL ends them */
    FILE *pcap;
};

struct path {
    struct net *net;
    const struct scn_path *spec;
    uint8_t number; /**< in addresses: 1 + its index in the scenario */
    struct interface *interfaces;
    size_t interface_count;
    struct wire up, down;                 /**< between the host, or the switch, and the core router */
    struct wire *cables_up, *cables_down; /**< between hosts and switch, where there is one */
    struct boxes *boxes;                  /**< see boxes.h; NULL: there are none */
};

/** What paths may share between their own wires and the core router. */
struct link {
    const struct scn_path *spec;
    struct wire up, down; /**< away from the hosts, and towards them */
};

/** One side of a flow: an application and its connection. */
struct side {
    struct flow *flow;
    struct host *host;
    mpt_conn *conn; /**< NULL: not open, or released */
    bool is_sender;
    bool is_connected;
    bool is_send_shut, is_close_told, has_ended;
    mpt_conn_info last;              /**< of a connection that was released */
    mpt_subflow_info *last_subflows; /**< likewise */
    uint32_t last_count;
};

struct flow {
    struct net *net;
    const struct scn_flow *spec;
    struct measure_flow *record;
    struct byte_log *(
        *logs)[2]; /**< of the record, by index of the path in the scenario: [is_client] of measure_log_by_end() */
    uint16_t port; /**< of the server */
    mpt_conn_settings settings;
    struct side client, server;
    mpt_listener *listener;
    uint64_t written_bytes;
    bool is_stopped; /**< no more will be written */
};

struct host {
    struct net *net;
    const char *name;
    size_t index;
    mpt_stack *stack;              /**< NULL: not needed yet */
    struct interface **interfaces; /**< in the order of paths */
    size_t interface_count;
    struct flow **opened; /**< that it opened, or tried to: their ports are CLIENT_PORT_FIRST and so on */
    uint16_t opened_count;
    bool has_loopback; /**< the core was told of it */
    bool has_input, is_pumping;
    bool is_armed;         /**< the timer is in the clock ... */
    int64_t armed_ns;      /**< ... at this time */
    uint64_t armed_number; /**< ... and number; an event of another one is an old timer's */
    struct ip_ids *ids;
};

struct net {
    struct clock clock;
    const struct scenario *spec;
    const struct command *command;
    struct measure *record;
    struct packet_pool pool;
    struct packet *spare; /**< for the next segment of the core, which mostly has none */
    struct host *hosts;
    struct path *paths; /**< those that are enabled */
    size_t path_count;
    struct link *links; /**< in the scenario's order */
    struct flow *flows;
    struct walk *walks; /**< of the scenario's mobility */
    size_t open_flows;
    struct interface **by_address[ADDRESSES_OF_PATH]; /**< 192.168.N.M: [N][M] */
    bool needs_payload;                               /**< packets carry their payload */
    bool has_failed;                  /**< the run ends without a result: something cannot be simulated */
    bool keeps_writes, keeps_reorder; /**< app_delay, reorder are sampled */
};

/* topology.c */
bool net_build(struct net *n);
void net_free(struct net *n);
/** End the program where a wire has lost or made a packet: then no result is to be trusted. */
void net_check(const struct net *n);
/** @return the interface of @p a, or NULL. */
struct interface *net_interface_of(const struct net *n, const mpt_addr *a);
struct host *net_host_of_name(const struct net *n, const char *name);
/** The link of all interfaces of a path breaks or is there again. */
void path_set_up(struct path *p, bool is_up);

/* host.c */
/** Make the stack of the core, if there is none yet, and tell it the addresses. */
void host_start(struct host *h);
/** Take a packet that arrives at an interface. */
void host_receive(void *interface, struct packet *p);
/** Let the core send and tell what there is to tell; to be called after each input. */
void host_pump(struct host *h);
/** An address came up or went down: the core is told in a moment. */
void host_sync_addresses(struct host *h);

/* foresee.c */
/** Fetch into the caches what a packet is about that is going to arrive at a host (see wire_foreseer). Changes nothing. */
void net_foresee(void *net, const struct packet *p, unsigned ahead);

/* flow.c */
bool flow_init(struct flow *f, struct net *n, size_t index);
void flow_schedule(struct flow *f);
void flow_notice(const mpt_notice *notice);
void flow_trace(const mpt_trace *trace);
/** @return the bytes that the sender @p user (a side, or NULL) wrote from @p offset on; to be freed. */
uint8_t *flow_content(const void *user, uint64_t offset, uint32_t bytes);
/** The core keeps a piece of the payload of a segment: compare it with what was sent, where the flow wants that. */
void flow_stored(const mpt_store *store, const uint8_t *payload);
/** The core keeps payload of a segment: how much waits behind a hole now. */
void flow_kept(const mpt_store *store);
/** @return false when there is no such subflow; of a connection that was released, what was last known. */
bool side_subflow_info(const struct side *side, uint32_t index, mpt_subflow_info *out);
/** @return whether an application of the host has the port. */
bool flow_has_port(const struct host *h, uint16_t port);
/** Write down what is known at the end only. */
void flow_finish(struct flow *f);
void flow_free(struct flow *f);

/* settings.c */
/** Fill in the settings of a flow's sockets. @return false after a line on standard error that says what is wrong. */
bool settings_of_flow(mpt_conn_settings *out, const struct scn_flow *spec);

/* ---- plugin.c ---- */

/* Load a policy from a shared object. @return its name; NULL: *error says what was wrong */
const char *plugin_load(enum policy_kind kind, const char *file, const char **error);
/* Make those that were loaded known at @p st. */
void plugins_register(mpt_stack *st);

/* pcap.c */
bool pcap_open_all(struct net *n, const char *folder);
/** @return what identifies the next IP packet from and to the segment's addresses. */
uint16_t pcap_ip_id(struct host *h, const mpt_segment *s);
void pcap_write(struct interface *interface, const struct packet *p);
/** @return false after saying that not everything was written. */
bool pcap_close_all(struct net *n);

/* sampler.c */
void sampler_schedule(struct net *n);

#endif
