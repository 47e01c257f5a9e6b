/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network as the oracles see it: links that drop, flows that are greedy. Packets of one size, seconds, packets per
 * second. Nothing here knows of the core or of ns-3.
 */
#ifndef ORACLE_NETWORK_H
#define ORACLE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

enum { NET_HOPS_MAX = 2 + 2 * 16, NET_PATHS_MAX = 16, NET_TOTAL_MAX = 512, NET_LINKS_MAX = 128 };

typedef enum {
    RULE_RENO, /* also: an uncoupled one on each path */
    RULE_EWTCP,
    RULE_COUPLED,
    RULE_LIA,
    RULE_LIA_RFC, /* in whole numbers, RFC 6356 4 */
    RULE_OLIA,
    RULE_BALIA,
    RULE_WVEGAS,
    RULE_CUBIC,
    RULE_DCTCP,
    RULE_BBR,
    RULE_COUNT
} rule_kind;

typedef struct {
    const char *name;
    double capacity_pps; /* 0: it is never full */
    double loss;         /* at random, whatever the load */
    double queue_max;    /* packets */
    bool is_red;         /* gentle RED by the average queue; else what finds queue_max packets is dropped */
    double red_min, red_max, red_max_p;
    bool is_even;    /* RED spreads its drops evenly, as ns-3's does; else each packet meets its fate by itself */
    bool is_codel;   /* drops what has waited for too long (RFC 8289) */
    bool is_fair;    /* a queue for each subflow, which take turns (RFC 8290) */
    bool is_marking; /* RED marks DCTCP's packets where it would drop those of others */
} net_link;

typedef struct {
    const char *name;
    double rtt_s;    /* without queues */
    double spread_s; /* the packet sender adds up to this to it, at random for each run */
    size_t hop[NET_HOPS_MAX];
    size_t hop_count;
} net_path;

typedef struct {
    const char *name;
    rule_kind rule;
    size_t copies;                  /* that many equal flows; rates are those of one */
    double start_s, start_jitter_s; /* of the packet sender */
    double stop_s;                  /* likewise; 0: never */
    double buffer_packets;          /* the lesser of its buffers; 0: without a limit */
    bool is_over;                   /* it has stopped before anything is measured: an equilibrium is without it */
    net_path path[NET_PATHS_MAX];
    size_t path_count;
} net_flow;

typedef struct {
    net_link *link;
    size_t link_count;
    net_flow *flow;
    size_t flow_count;
} network;

/* @return the rule called `name` in scenarios, or RULE_COUNT. */
rule_kind rule_find(const char *name);
const char *rule_name(rule_kind rule);

/* @return how many paths all flows have; path r of flow f is number network_index(n, f, r) of them. */
size_t network_paths(const network *n);
size_t network_index(const network *n, size_t flow, size_t path);

/* Gentle RED: the drop probability at an average queue, and the average queue at which it is p. */
double red_probability(const net_link *link, double queue);
double red_queue(const net_link *link, double p);

/* RFC 8289: the wait that is accepted, and for how long more of it is. */
#define CODEL_TARGET_S 0.005
#define CODEL_INTERVAL_S 0.1

#endif
