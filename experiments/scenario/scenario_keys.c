/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scenario_keys.c: every key of a scenario, once: default, range, meaning. Add a key here and a member in scenario.h. */
#include "scenario_keys.h"

#include <string.h>

#define ENTRIES(keys) (sizeof(keys) / sizeof(keys)[0])
#define AT(type, member) .offset = offsetof(struct type, member)
#define NUMBER(type_, member, def, lo, hi, ...)                                                                        \
    {                                                                                                                  \
        .name = #member, .type = KEY_NUMBER, AT(type_, member), .fallback = def, .lowest = lo, .highest = hi,          \
        __VA_ARGS__                                                                                                    \
    }
#define INTEGER(type_, member, def, lo, hi, ...)                                                                       \
    {                                                                                                                  \
        .name = #member, .type = KEY_INTEGER, AT(type_, member), .fallback = def, .lowest = lo, .highest = hi,         \
        __VA_ARGS__                                                                                                    \
    }
#define BOOLEAN(type_, member, def, ...)                                                                               \
    { .name = #member, .type = KEY_BOOL, AT(type_, member), .fallback = def, __VA_ARGS__ }
#define TEXT(type_, member, def, ...)                                                                                  \
    { .name = #member, .type = KEY_TEXT, AT(type_, member), .fallback = def, __VA_ARGS__ }
#define CHOICE(type_, member, def, words, ...)                                                                         \
    { .name = #member, .type = KEY_CHOICE, AT(type_, member), .fallback = def, .choices = words, __VA_ARGS__ }
#define TEXTS(type_, member, def, ...)                                                                                 \
    { .name = #member, .type = KEY_TEXTS, AT(type_, member), .fallback = def, __VA_ARGS__ }
#define GROUP(type_, member, section_, ...)                                                                            \
    { .name = #member, .type = KEY_GROUP, AT(type_, member), .fallback = "", .section = section_, __VA_ARGS__ }
#define SEQUENCE(type_, member, def, section_, ...)                                                                    \
    { .name = #member, .type = KEY_SEQUENCE, AT(type_, member), .fallback = def, .section = section_, __VA_ARGS__ }
#define SECTION(name_, keys_, type_)                                                                                   \
    { .name = name_, .keys = keys_, .key_count = ENTRIES(keys_), .struct_bytes = sizeof(struct type_) }

static const struct key host_keys[] = {
    TEXT(scn_host, name, NULL, .help = "name of the host"),
};
static const struct section host_section = SECTION("hosts", host_keys, scn_host);

#define DIRECTED "option-filter sequence-rewriter payload-rewriter splitter coalescer reset-injector"

#define CALL_NAME(type_)                                                                                               \
    TEXT(type_, name, "", .help = "by which --set and axes of sweeps call it; its number from 0 does, too")

static const struct key middlebox_keys[] = {
    CHOICE(scn_middlebox, type, NULL, "nat " DIRECTED, .help = "what the box does"),
    CALL_NAME(scn_middlebox),
    CHOICE(scn_middlebox, direction, "both", "both up down", .only_for = DIRECTED,
           .help = "which segments it works on; up: away from the path's hosts"),
    NUMBER(scn_middlebox, timeout_s, "7440", 0, 1e6, .only_for = "nat",
           .help = "a connection that is idle for longer is forgotten; one that opens or has ended after 240 s, if "
                   "that is less"),
    INTEGER(scn_middlebox, option_kind, "30", 2, 255, .only_for = "option-filter",
            .help = "kind of the TCP option; 30 = MPTCP"),
    CHOICE(scn_middlebox, mptcp_subtype, "any",
           "any mp-capable mp-join dss add-addr remove-addr mp-prio mp-fail mp-fastclose mp-tcprst",
           .only_for = "option-filter", .help = "of option_kind 30: which of MPTCP's options"),
    CHOICE(scn_middlebox, segments, "all", "all syn data", .only_for = "option-filter",
           .help = "segments to look at; syn: SYN and SYN/ACK, data: those with payload"),
    CHOICE(scn_middlebox, action, "strip", "strip drop", .only_for = "option-filter",
           .help = "strip: overwrite the option with NOPs; drop: drop the segment"),
    NUMBER(scn_middlebox, probability, "1", 0, 1, .only_for = "option-filter",
           .help = "that it happens to a segment with the option"),
    BOOLEAN(scn_middlebox, rewrite_sack, "true", .only_for = "sequence-rewriter",
            .help = "false: the box forgets the edges of SACK blocks"),
    INTEGER(scn_middlebox, position_bytes, "0", 0, 1e15, .only_for = "payload-rewriter",
            .help = "where in a connection's payload the first edit is"),
    INTEGER(scn_middlebox, interval_bytes, "0", 0, 1e15, .only_for = "payload-rewriter",
            .help = "distance from an edit to the next; 0 = there is only one"),
    INTEGER(scn_middlebox, removed_bytes, "1", 1, 1000, .only_for = "payload-rewriter",
            .help = "what an edit takes out"),
    INTEGER(scn_middlebox, inserted_bytes, "4", 1, 1000, .only_for = "payload-rewriter",
            .help = "what an edit puts in instead; at most 10 times interval_bytes, where that is given"),
    INTEGER(scn_middlebox, payload_max_bytes, NULL, 1, 65000, .only_for = "splitter coalescer",
            .help = "most payload of a segment that the box makes"),
    NUMBER(scn_middlebox, hold_ms, "1", 0, 1000, .only_for = "coalescer",
           .help = "how long a segment waits for the next"),
    CHOICE(
        scn_middlebox, merge_options, "equal", "equal first", .only_for = "coalescer",
        .help =
            "equal: merge segments with the same options only, as Linux's GRO; first: any, and keep the first one's"),
    INTEGER(scn_middlebox, after_bytes, "0", 0, 1e15, .only_for = "reset-injector",
            .help = "reset connections that have sent so much payload; 0 = not for that reason"),
    NUMBER(scn_middlebox, reset_probability, "0", 0, 1, .only_for = "reset-injector",
           .help = "that a data segment is followed by RSTs"),
};
static const struct section middlebox_section = SECTION("middleboxes", middlebox_keys, scn_middlebox);

#define RESOURCE_BLOCKS "6 15 25 50 75 100"

/* What a cable is like. */
#define WIRE_KEYS                                                                                                      \
    NUMBER(scn_path, rate_mbps, "100", 0.001, 1e6,                                                                     \
           .help = "rate of the cable between the access (or, without one, the host) and the core router; of a link"), \
        NUMBER(scn_path, delay_ms, "1", 0, 1e5, .help = "one-way delay of that cable"),                                \
        INTEGER(scn_path, queue_packets, "100", 1, 1e7, .help = "limit of the queue at both ends of that cable"),      \
        INTEGER(scn_path, queue_bytes, "0", 0, 4e9,                                                                    \
                .help = "drop-tail and codel: limit in bytes of IP packets instead; 0 = in packets"),                  \
        CHOICE(scn_path, queue_discipline, "drop-tail", "drop-tail red codel fq-codel",                                \
               .help = "its queue discipline"),                                                                        \
        BOOLEAN(scn_path, ecn, "false",                                                                                \
                .help = "not drop-tail: mark packets of ECN-capable flows instead of dropping them"),                  \
        NUMBER(scn_path, red_min_packets, "5", 0, 1e7, .help = "red: average queue at which dropping begins"),         \
        NUMBER(scn_path, red_max_packets, "15", 0, 1e7,                                                                \
               .help = "red: average queue at which red_max_probability is reached (gentle: 1 at its double)"),        \
        NUMBER(scn_path, red_max_probability, "0.1", 0.0001, 1, .help = "red: drop probability at red_max_packets"),   \
        NUMBER(scn_path, loss_down, "0", 0, 1, .help = "random loss towards the hosts (fraction of packets)"),         \
        NUMBER(scn_path, loss_up, "0", 0, 1, .help = "random loss away from the hosts (fraction of packets)"),         \
        NUMBER(scn_path, loss_burst_packets, "1", 1, 1e6,                                                              \
               .help = "engine link: mean length of a burst of losses (Gilbert-Elliott); 1 = they are independent"),   \
        NUMBER(scn_path, jitter_ms, "0", 0, 1e5,                                                                       \
               .help = "engine link: each packet is up to so much later, at random: packets overtake each other"),     \
        NUMBER(scn_path, reorder, "0", 0, 1,                                                                           \
               .help = "engine link: fraction of packets that are reorder_ms later than the others"),                  \
        NUMBER(scn_path, reorder_ms, "1", 0, 1e5, .help = "engine link: of reorder"),                                  \
        NUMBER(scn_path, duplicate, "0", 0, 1, .help = "engine link: fraction of packets that arrive twice")

static const struct key link_keys[] = {
    TEXT(scn_path, name, NULL, .help = "name of the link"),
    WIRE_KEYS,
};
static const struct section link_section = SECTION("links", link_keys, scn_path);

static const struct key path_keys[] = {
    TEXT(scn_path, name, NULL, .help = "name of the path"),
    CHOICE(scn_path, type, NULL, "wifi lte ethernet trace",
           .help = "technology of the access; at most one path is lte; trace: an ethernet whose capacity a file says"),
    TEXTS(scn_path, hosts, NULL, .names_of = "hosts",
          .help = "hosts that have an interface on it; a host named twice has two"),
    BOOLEAN(scn_path, enabled, "true", .help = "false: the path is not built"),
    WIRE_KEYS,
    TEXTS(scn_path, links, "", .names_of = "links",
          .help = "links between that cable and the core router, the one nearest to the hosts first"),
    SEQUENCE(scn_path, middleboxes, "", &middlebox_section,
             .help = "boxes at the core's end of that cable, the one nearest to the hosts first"),
    TEXT(scn_path, trace_down, NULL, .only_for = "trace",
         .help = "file with the capacity towards the hosts; Mahimahi's format, or CSV with a head"),
    TEXT(scn_path, trace_up, "none", .only_for = "trace", .help = "likewise away from the hosts; none = rate_mbps"),
    TEXT(scn_path, trace_down_sha256, "none", .only_for = "trace",
         .help = "hash of the file; filled in where it is none, and checked where it is given"),
    TEXT(scn_path, trace_up_sha256, "none", .only_for = "trace", .help = "likewise"),
    BOOLEAN(scn_path, trace_loop, "true", .only_for = "trace",
            .help = "at its end the trace starts again; false: nothing passes any more (CSV: it stays as it is)"),
    CHOICE(scn_path, medium, "point-to-point", "point-to-point csma", .only_for = "ethernet",
           .help = "csma: all hosts and a switch share one bus of access_rate_mbps; point-to-point: a cable each"),
    NUMBER(scn_path, access_rate_mbps, "1000", 0.001, 1e6, .only_for = "ethernet trace",
           .help = "with several interfaces or csma: rate between a host and the switch"),
    NUMBER(scn_path, access_delay_spread_ms, "0", 0, 4000, .only_for = "ethernet trace",
           .help = "with several interfaces: each one's own delay is drawn between 0 and this, against phase effects"),
    NUMBER(scn_path, x_m, "0", -1e6, 1e6, .only_for = "wifi lte",
           .help = "where the access point or base station stands"),
    NUMBER(scn_path, y_m, "0", -1e6, 1e6, .only_for = "wifi lte", .help = "likewise"),
    INTEGER(scn_path, radio_queue_packets, "200", 1, 1e7, .only_for = "wifi lte",
            .help = "limit of the radio's send queue (lte: per bearer, in packets of 1500 bytes; wifi: at least 2)"),
    CHOICE(scn_path, standard, "a", "a n ac", .only_for = "wifi",
           .help = "IEEE 802.11 standard, 20 MHz in the 5 GHz band"),
    NUMBER(scn_path, range_m, "30", 1, 10000, .only_for = "wifi",
           .help = "distance at which frames begin to go undetected; sets the transmit power of both sides"),
    NUMBER(scn_path, path_loss_exponent, "3", 1.5, 6, .only_for = "wifi",
           .help = "of the log-distance model: 2 in free space, 3 and more indoors"),
    CHOICE(scn_path, resource_blocks, "25", RESOURCE_BLOCKS, .only_for = "lte", .help = "bandwidth of the cell"),
};
static const struct section path_section = SECTION("paths", path_keys, scn_path);

static const struct key waypoint_keys[] = {
    CALL_NAME(scn_waypoint),
    NUMBER(scn_waypoint, time_s, NULL, 0, 1e6, .help = "when the host is there"),
    NUMBER(scn_waypoint, x_m, NULL, -1e6, 1e6, .help = "position"),
    NUMBER(scn_waypoint, y_m, "0", -1e6, 1e6, .help = "position"),
};
static const struct section waypoint_section = SECTION("waypoints", waypoint_keys, scn_waypoint);

static const struct key mobility_keys[] = {
    TEXT(scn_mobility, name, NULL, .names_of = "hosts", .help = "the host"),
    NUMBER(scn_mobility, x_m, "1", -1e6, 1e6, .help = "where it starts"),
    NUMBER(scn_mobility, y_m, "0", -1e6, 1e6, .help = "likewise"),
    NUMBER(scn_mobility, speed_mps, "0", 0, 1000, .help = "walking speed; 0 = it stays"),
    NUMBER(scn_mobility, walk_to_x_m, "0", -1e6, 1e6, .help = "where it walks to"),
    NUMBER(scn_mobility, walk_to_y_m, "0", -1e6, 1e6, .help = "likewise"),
    NUMBER(scn_mobility, leave_s, "0", 0, 1e6, .help = "when it starts to walk"),
    NUMBER(scn_mobility, leave_jitter_s, "0", 0, 1e6, .help = "it starts up to this much later, at random"),
    NUMBER(scn_mobility, pause_s, "0", 0, 1e6, .help = "how long it stays there"),
    BOOLEAN(scn_mobility, come_back, "true", .help = "then it walks back to the start"),
    SEQUENCE(scn_mobility, waypoints, "", &waypoint_section,
             .help = "instead of the walk: any track, in order of time"),
};
static const struct section mobility_section = SECTION("mobility", mobility_keys, scn_mobility);

static const struct key flow_keys[] = {
    TEXT(scn_flow, name, NULL, .help = "name of the flow"),
    TEXT(scn_flow, client, NULL, .names_of = "hosts", .help = "the host that opens the connection"),
    TEXT(scn_flow, server, NULL, .names_of = "hosts", .help = "the host that accepts it"),
    CHOICE(scn_flow, protocol, "mptcp", "mptcp tcp ns3-tcp",
           .help = "Multipath TCP or single-path TCP of this module, or ns-3's own TCP (whose send buffer must not be "
                   "larger than its receive buffer)"),
    CHOICE(scn_flow, direction, "download", "download upload", .help = "download: the server sends"),
    TEXT(scn_flow, congestion_control, "default",
         .help = "of this module: reno, cubic, lia, lia-rfc, olia, balia, ewtcp, coupled, wvegas, dctcp, bbr, or the "
                 "path of "
                 "a shared object; of ns3-tcp: a TypeId without ns3::, e.g. TcpCubic. "
                 "default = lia, reno, TcpLinuxReno for the three protocols"),
    TEXT(scn_flow, scheduler, "earliest",
         .help =
             "mptcp: which subflow carries the next data: earliest, minrtt, roundrobin, redundant, blest, ecf, linux, "
             "primary, weighted, or the path of a shared object"),
    TEXT(scn_flow, path_manager, "fullmesh",
         .help = "mptcp: which subflows are opened: fullmesh, none, ndiffports, linux, or the path of a shared object"),
    TEXTS(scn_flow, paths, "", .names_of = "paths",
          .help =
              "paths of the client that it may use, the first one first; empty = all. Single-path TCP uses the first"),
    INTEGER(scn_flow, bytes, "0", 0, 1e15, .help = "how much is sent; 0 = as much as goes through until stop_s"),
    NUMBER(scn_flow, start_s, "1", 0, 1e6, .help = "when it is opened (Wi-Fi and LTE need most of a second to attach)"),
    NUMBER(scn_flow, start_jitter_s, "0", 0, 1e6, .help = "it is opened up to this much later, at random"),
    NUMBER(scn_flow, stop_s, "0", 0, 1e6, .help = "when the sender closes; 0 = never"),
    INTEGER(scn_flow, send_buffer_bytes, "4194304", 2048, 1073741824, .help = "send buffer on both sides"),
    INTEGER(scn_flow, receive_buffer_bytes, "6291456", 2048, 1073741824, .help = "receive buffer on both sides"),
    INTEGER(scn_flow, mss_bytes, "1460", 88, 65495, .help = "maximum segment size, TCP options included"),
    BOOLEAN(scn_flow, check_content, "false", .help = "send a pattern and compare it at the receiver"),
    TEXTS(scn_flow, settings, "", .help = "mptcp and tcp: any other setting of the core as \"name=value\""),
};
static const struct section flow_section = SECTION("flows", flow_keys, scn_flow);

static const struct key event_keys[] = {
    CALL_NAME(scn_event),
    NUMBER(scn_event, time_s, NULL, 0, 1e6, .help = "when it happens"),
    TEXT(scn_event, path, NULL, .names_of = "paths", .or_of = "links", .help = "the path, or the link, it happens to"),
    CHOICE(scn_event, link, "same", "same down up",
           .help = "a path: the hosts' interfaces lose or regain their link; a link: nothing arrives at its ends any "
                   "more, which no host is told, or again"),
    NUMBER(scn_event, rate_mbps, "0", 0, 1e6, .help = "its cable has this rate from now on; 0 = as before"),
    NUMBER(scn_event, delay_ms, "-1", -1, 1e5, .help = "likewise this one-way delay; -1 = as before"),
    NUMBER(scn_event, loss_down, "-1", -1, 1,
           .help = "likewise this random loss towards the hosts (fraction of packets); -1 = as before"),
    NUMBER(scn_event, loss_up, "-1", -1, 1, .help = "likewise away from the hosts"),
};
static const struct section event_section = SECTION("events", event_keys, scn_event);

static const struct key sampling_keys[] = {
    INTEGER(scn_sampling, interval_ms, "100", 1, 1e6, .help = "time between two samples"),
    TEXTS(
        scn_sampling, series, "[goodput, position, in_range]",
        .choices = "goodput position in_range cwnd rtt app_delay reorder queue",
        .help =
            "what is sampled: goodput, position, in_range, cwnd and rtt (until the flow is over); engine link: "
            "app_delay (from write to read: "
            "quantiles at the end), reorder (bytes at the receiver behind a hole), queue (packets of paths and links)"),
};
static const struct section sampling_section = SECTION("sampling", sampling_keys, scn_sampling);

static const struct key scenario_keys[] = {
    CHOICE(scenario, engine, "ns3", "ns3 link",
           .help =
               "what carries the segments: ns-3, or links of this program's own (no radio, no ns3-tcp, much faster)"),
    NUMBER(scenario, duration_s, NULL, 0.001, 1e6, .help = "simulated time"),
    NUMBER(scenario, measure_from_s, "0", 0, 1e6, .help = "what is delivered earlier does not count as goodput"),
    SEQUENCE(scenario, hosts, NULL, &host_section, .help = "hosts"),
    SEQUENCE(scenario, links, "", &link_section, .help = "cables that paths may share on their way"),
    SEQUENCE(scenario, paths, NULL, &path_section, .help = "each leads from its hosts to the core router"),
    SEQUENCE(scenario, mobility, "", &mobility_section, .help = "needed for hosts on wifi and lte paths"),
    SEQUENCE(scenario, flows, NULL, &flow_section, .help = "who sends what to whom"),
    SEQUENCE(scenario, events, "", &event_section, .help = "what happens when"),
    GROUP(scenario, sampling, &sampling_section, .help = "what is recorded over time"),
    TEXTS(scenario, counters, "[MPJoinSynTx, MPJoinSynAckRx, RetransSegs, TCPTimeouts]",
          .help = "counters of each end of a flow (of this module's TCPs) at the end, with the names of Linux's MIB; "
                  "all = all "
                  "there are"),
};
const struct section scenario_section = SECTION("", scenario_keys, scenario);

size_t choice_word(const char *choices, size_t index, const char **word) {
    *word = choices;
    while (index > 0 && **word) {
        *word += strcspn(*word, " ");
        *word += **word == ' ';
        index--;
    }
    return strcspn(*word, " ");
}

size_t choice_count(const char *choices) {
    size_t count = 1;

    for (; *choices; choices++)
        count += *choices == ' ';
    return count;
}

bool key_may_be_empty(const struct key *key) {
    return key->type == KEY_TEXT && key->fallback && !key->fallback[0];
}

int64_t choice_index(const char *choices, const char *text) {
    for (size_t i = 0; i < choice_count(choices); i++) {
        const char *word;
        size_t length = choice_word(choices, i, &word);

        if (strlen(text) == length && memcmp(text, word, length) == 0)
            return (int64_t)i;
    }
    return -1;
}

bool key_applies(const struct section *section, const struct key *key, const void *group) {
    char type_word[32];
    const char *word;
    int64_t type = 0;

    if (!key->only_for)
        return true;
    for (size_t i = 0; i < section->key_count; i++) {
        const struct key *other = &section->keys[i];

        if (strcmp(other->name, "type") == 0) {
            memcpy(&type, (const char *)group + other->offset, sizeof type);
            size_t length = choice_word(other->choices, (size_t)type, &word);

            memcpy(type_word, word, length);
            type_word[length] = 0;
            return choice_index(key->only_for, type_word) >= 0;
        }
    }
    return true;
}

int scenario_resource_blocks(int64_t index) {
    static const int blocks[] = {6, 15, 25, 50, 75, 100};

    return blocks[index];
}
