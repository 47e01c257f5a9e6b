/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenario_check.h"

#include "capacity.h"

#include <string.h>

enum { MSS_MAX = 1460 /* 1500 bytes without the headers of IPv4 and TCP */ };

/* NULL: there is none of that name */
static const struct scn_path *path_of_name(const struct scenario *s, const char *name) {
    for (size_t i = 0; i < s->paths.count; i++)
        if (strcmp(s->paths.at[i].name, name) == 0)
            return &s->paths.at[i];
    return NULL;
}

static bool is_among(const char *text, const struct scn_texts *texts) {
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->at[i], text) == 0)
            return true;
    return false;
}

static bool is_radio(const struct scn_path *path) {
    return path->type == SCN_WIFI || path->type == SCN_LTE;
}

static bool check_wire_ns3(const struct scn_path *wire, struct doc_error *error) {
    if (wire->loss_burst_packets > 1 || wire->jitter_ms > 0 || wire->reorder > 0 || wire->duplicate > 0)
        return doc_fail(
            error, wire->mark,
            "loss_burst_packets, jitter_ms, reorder, duplicate: expected the defaults with engine ns3; they "
            "need engine link");
    return true;
}

/* What only the link engine has. */
static bool check_engine_ns3(const struct scenario *s, struct doc_error *error) {
    for (size_t i = 0; i < s->sampling.series.count; i++)
        if (strcmp(s->sampling.series.at[i], "app_delay") == 0 || strcmp(s->sampling.series.at[i], "reorder") == 0 ||
            strcmp(s->sampling.series.at[i], "queue") == 0)
            return doc_fail(error, s->sampling.mark, "series: %s needs engine link", s->sampling.series.at[i]);
    for (size_t i = 0; i < s->links.count; i++)
        if (!check_wire_ns3(&s->links.at[i], error))
            return false;
    for (size_t i = 0; i < s->paths.count; i++) {
        const struct scn_path *path = &s->paths.at[i];

        if (!path->enabled)
            continue;
        if (path->type == SCN_TRACE && path->middleboxes.count > 0)
            return doc_fail(error, path->middleboxes.at[0].mark,
                            "middleboxes: expected none on a trace with engine ns3; they need engine link there");
        if (!check_wire_ns3(path, error))
            return false;
    }
    return true;
}

/* What only ns-3 has. */
static bool check_engine_link(const struct scenario *s, struct doc_error *error) {
    for (size_t i = 0; i < s->paths.count; i++) {
        const struct scn_path *path = &s->paths.at[i];

        if (path->enabled && is_radio(path))
            return doc_fail(error, path->mark,
                            "type: expected ethernet or trace with engine link; radio needs engine ns3");
        if (path->enabled && path->medium == SCN_CSMA)
            return doc_fail(error, path->mark,
                            "medium: expected point-to-point with engine link; csma needs engine ns3");
    }
    for (size_t i = 0; i < s->flows.count; i++)
        if (s->flows.at[i].protocol == SCN_NS3_TCP)
            return doc_fail(error, s->flows.at[i].mark,
                            "protocol: expected mptcp or tcp with engine link; ns3-tcp needs engine ns3");
    return true;
}

static bool has_mobility(const struct scenario *s, const char *host) {
    for (size_t i = 0; i < s->mobility.count; i++)
        if (strcmp(s->mobility.at[i].name, host) == 0)
            return true;
    return false;
}

static bool check_middlebox(const struct scn_middlebox *box, struct doc_error *error) {
    enum {
        KIND_MPTCP = 30,
        GROWTH_MAX = 10 /* no segment of a usual MTU outgrows an IP packet */
    };

    if (box->type == SCN_OPTION_FILTER && box->mptcp_subtype != 0 && box->option_kind != KIND_MPTCP)
        return doc_fail(error, box->mark, "mptcp_subtype: expected option_kind 30 with it");
    if (box->type == SCN_PAYLOAD_REWRITER && box->interval_bytes != 0 && box->interval_bytes < box->removed_bytes)
        return doc_fail(error, box->mark, "interval_bytes: expected 0, or no less than removed_bytes");
    if (box->type == SCN_PAYLOAD_REWRITER && box->interval_bytes != 0 &&
        box->inserted_bytes > GROWTH_MAX * box->interval_bytes)
        return doc_fail(error, box->mark, "inserted_bytes: expected at most %d times interval_bytes", GROWTH_MAX);
    if (box->type == SCN_RESET_INJECTOR && box->after_bytes == 0 && box->reset_probability == 0)
        return doc_fail(error, box->mark, "after_bytes: expected this or reset_probability to be above 0");
    return true;
}

static bool check_wire(const struct scn_path *wire, struct doc_error *error) {
    if (wire->queue_discipline == SCN_RED && wire->red_min_packets >= wire->red_max_packets)
        return doc_fail(error, wire->mark, "red_min_packets: expected less than red_max_packets");
    if (wire->queue_bytes > 0 && wire->queue_discipline != SCN_DROP_TAIL && wire->queue_discipline != SCN_CODEL)
        return doc_fail(error, wire->mark,
                        "queue_bytes: expected 0 with this queue_discipline: its limit is in packets");
    /* The good state lasts for at least one packet. */
    if (wire->loss_burst_packets > 1 && (wire->loss_down * (1 + 1 / wire->loss_burst_packets) > 1 ||
                                         wire->loss_up * (1 + 1 / wire->loss_burst_packets) > 1))
        return doc_fail(error, wire->mark, "loss_burst_packets: expected fewer losses, or longer bursts");
    return true;
}

static bool check_event(const struct scn_event *event, struct doc_error *error) {
    if (event->link == SCN_LINK_SAME && event->rate_mbps == 0 && event->delay_ms < 0 && event->loss_down < 0 &&
        event->loss_up < 0)
        return doc_fail(error, event->mark, "link: expected this, rate_mbps, delay_ms, loss_down or loss_up");
    if (event->rate_mbps != 0 && event->rate_mbps < 0.001)
        return doc_fail(error, event->mark, "rate_mbps: expected 0 or at least 0.001");
    if (event->delay_ms < 0 && event->delay_ms != -1)
        return doc_fail(error, event->mark, "delay_ms: expected -1 or at least 0");
    if ((event->loss_down < 0 && event->loss_down != -1) || (event->loss_up < 0 && event->loss_up != -1))
        return doc_fail(error, event->mark, "loss_down, loss_up: expected -1 or at least 0");
    return true;
}

static bool check_path(const struct scenario *s, const struct scn_path *path, struct doc_error *error) {
    if (path->hosts.count == 0)
        return doc_fail(error, path->mark, "hosts: expected at least one host");
    if (path->hosts.count > 60)
        return doc_fail(error, path->mark, "hosts: expected at most 60");
    if (!check_wire(path, error))
        return false;
    if (path->links.count > SCN_LINKS_MAX)
        return doc_fail(error, path->mark, "links: expected at most %d", SCN_LINKS_MAX);
    for (size_t i = 0; i < path->links.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(path->links.at[i], path->links.at[j]) == 0)
                return doc_fail(error, path->mark, "links: %s: expected each only once", path->links.at[i]);
    for (size_t i = 0; i < path->middleboxes.count; i++)
        if (!check_middlebox(&path->middleboxes.at[i], error))
            return false;
    if (path->type == SCN_WIFI &&
        path->radio_queue_packets < 2) /* ns-3 stops a queue that the next packet would fill */
        return doc_fail(error, path->mark,
                        "radio_queue_packets: expected at least 2 with wifi: with 1 nothing is sent");
    for (size_t i = 0; is_radio(path) && i < path->hosts.count; i++) {
        const char *host = path->hosts.at[i];

        if (!has_mobility(s, host))
            return doc_fail(error, path->mark, "hosts: %s needs an element of mobility to be on a radio path", host);
        for (size_t j = 0; j < i; j++)
            if (strcmp(host, path->hosts.at[j]) == 0)
                return doc_fail(error, path->mark, "hosts: %s can be on a radio path only once", host);
    }
    return true;
}

static bool check_one_lte(const struct scenario *s, struct doc_error *error) {
    const struct scn_path *found = NULL;

    for (size_t i = 0; i < s->paths.count; i++) {
        if (s->paths.at[i].type != SCN_LTE || !s->paths.at[i].enabled)
            continue;
        if (found)
            return doc_fail(error, s->paths.at[i].mark, "type: expected at most one lte path");
        found = &s->paths.at[i];
    }
    return true;
}

static bool host_has_path(const struct scenario *s, const char *host) {
    for (size_t i = 0; i < s->paths.count; i++)
        if (s->paths.at[i].enabled && is_among(host, &s->paths.at[i].hosts))
            return true;
    return false;
}

/* Whether @p setting sets the same as the first @p length bytes of @p name. */
static bool sets(const char *setting, const char *name, size_t length) {
    return strncmp(setting, name, length) == 0 && setting[length] == '=';
}

/* What a flow has a key for its settings do not overrule: the configuration, and axes of sweeps, would say what is not so. */
static bool check_settings(const struct scn_flow *flow, struct doc_error *error) {
    static const char *const keys[][2] = {{"Mptcp", "protocol"},
                                          {"CongestionControl", "congestion_control"},
                                          {"Scheduler", "scheduler"},
                                          {"PathManager", "path_manager"},
                                          {"SendBuffer", "send_buffer_bytes"},
                                          {"SndBufSize", "send_buffer_bytes"},
                                          {"ReceiveBuffer", "receive_buffer_bytes"},
                                          {"RcvBufSize", "receive_buffer_bytes"},
                                          {"MssMax", "mss_bytes"},
                                          {"SegmentSize", "mss_bytes"}};

    for (size_t i = 0; i < flow->settings.count; i++) {
        const char *text = flow->settings.at[i], *equals = strchr(text, '=');

        if (!equals)
            return doc_fail(error, flow->mark, "settings: expected \"name=value\", not \"%s\"", text);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (sets(text, keys[k][0], strlen(keys[k][0])))
                return doc_fail(error, flow->mark, "settings: expected the key %s instead of \"%s\"", keys[k][1], text);
        for (size_t k = 0; k < i; k++)
            if (sets(flow->settings.at[k], text, (size_t)(equals - text)))
                return doc_fail(error, flow->mark, "settings: expected each once, not \"%s\" as well", text);
    }
    return true;
}

static bool check_flow(const struct scenario *s, const struct scn_flow *flow, struct doc_error *error) {
    if (strcmp(flow->client, flow->server) == 0)
        return doc_fail(error, flow->mark, "server: expected another host than the client");
    if (!host_has_path(s, flow->client) || !host_has_path(s, flow->server))
        return doc_fail(error, flow->mark, "name: client and server of %s need an enabled path each", flow->name);
    for (size_t i = 0; i < flow->paths.count; i++) {
        const struct scn_path *path = path_of_name(s, flow->paths.at[i]);

        if (!path->enabled || !is_among(flow->client, &path->hosts))
            return doc_fail(error, flow->mark, "paths: expected enabled paths of host %s, not \"%s\"", flow->client,
                            path->name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(flow->paths.at[k], flow->paths.at[i]) == 0)
                return doc_fail(error, flow->mark, "paths: expected each path once, not \"%s\" again", path->name);
    }
    if (flow->mss_bytes > MSS_MAX)
        return doc_fail(error, flow->mark, "mss_bytes: expected at most %d, for all links carry packets of 1500 bytes",
                        MSS_MAX);
    if (flow->protocol == SCN_NS3_TCP && flow->send_buffer_bytes > flow->receive_buffer_bytes)
        return doc_fail(error, flow->mark,
                        "send_buffer_bytes: expected at most receive_buffer_bytes with protocol ns3-tcp, which crashes "
                        "(TcpRateLinux::SkbSent) once the peer's window is full");
    if (flow->stop_s > 0 && flow->stop_s <= flow->start_s)
        return doc_fail(error, flow->mark, "stop_s: expected a time after start_s");
    if (flow->stop_s > 0 && flow->stop_s <= flow->start_s + flow->start_jitter_s)
        return doc_fail(error, flow->mark, "stop_s: expected a time after start_s and start_jitter_s");
    if (flow->start_s + flow->start_jitter_s >= s->duration_s)
        return doc_fail(error, flow->mark, "start_s: expected a time before the end of the run");
    return check_settings(flow, error);
}

static const struct scn_path *link_of_name(const struct scenario *s, const char *name) {
    size_t i = 0;

    while (strcmp(s->links.at[i].name, name) != 0)
        i++;
    return &s->links.at[i];
}

static bool check_event_of(const struct scenario *s, const struct scn_event *event, struct doc_error *error) {
    const struct scn_path *path = path_of_name(s, event->path), *wire = path ? path : link_of_name(s, event->path);
    double burst = wire->loss_burst_packets;

    if (path && path->type == SCN_TRACE && (event->rate_mbps > 0 || event->loss_down >= 0 || event->loss_up >= 0))
        return doc_fail(error, event->mark,
                        "rate_mbps, loss_down, loss_up: expected a path of which no trace says them");
    if (burst > 1 && (event->loss_down * (1 + 1 / burst) > 1 || event->loss_up * (1 + 1 / burst) > 1))
        return doc_fail(error, event->mark, "loss_down, loss_up: expected fewer losses, or longer bursts there");
    if (event->time_s >= s->duration_s)
        return doc_fail(error, event->mark, "time_s: expected a time before the end of the run");
    return true;
}

const char *scenario_contradicts_trace(const struct scenario *s, const struct scn_path *path, const struct capacity *c,
                                       bool is_down) {
    if (c->has_loss && (is_down ? path->loss_down : path->loss_up) > 0)
        return is_down ? "no losses in it, for loss_down is above 0" : "no losses in it, for loss_up is above 0";
    for (size_t i = 0; i < s->events.count; i++)
        if (c->has_delay && s->events.at[i].delay_ms >= 0 && strcmp(s->events.at[i].path, path->name) == 0)
            return "no delays in it, for an event changes the path's";
    return NULL;
}

static bool check_links(const struct scenario *s, struct doc_error *error) {
    if (s->links.count > SCN_LINKS_ALL_MAX)
        return doc_fail(error, s->mark, "links: expected at most %d", SCN_LINKS_ALL_MAX);
    for (size_t i = 0; i < s->links.count; i++) {
        if (path_of_name(s, s->links.at[i].name))
            return doc_fail(error, s->links.at[i].mark, "name: expected another one than that of a path");
        if (!check_wire(&s->links.at[i], error))
            return false;
    }
    return true;
}

static void resolve_flow(struct scn_flow *flow) {
    static const char *const controls[] = {[SCN_MPTCP] = "lia", [SCN_TCP] = "reno", [SCN_NS3_TCP] = "TcpLinuxReno"};

    if (strcmp(flow->congestion_control, "default") == 0)
        flow->congestion_control = controls[flow->protocol];
}

static bool check_mobility(const struct scn_mobility *m, struct doc_error *error) {
    for (size_t i = 1; i < m->waypoints.count; i++)
        if (m->waypoints.at[i].time_s <= m->waypoints.at[i - 1].time_s)
            return doc_fail(error, m->waypoints.at[i].mark, "time_s: expected a later time than the waypoint before");
    return true;
}

/* Servers have a port a flow, clients one of 49152 and above a flow: by them it is known whose payload arrives. */
static bool check_ports(const struct scenario *s, struct doc_error *error) {
    enum { SERVED_MAX = 44151, OPENED_MAX = 16383 };

    if (s->flows.count > SERVED_MAX)
        return doc_fail(error, s->flows.at[SERVED_MAX].mark, "flows: expected at most %d", SERVED_MAX);
    for (size_t i = 0; s->flows.count > OPENED_MAX && i < s->hosts.count; i++) {
        size_t count = 0;

        for (size_t k = 0; k < s->flows.count; k++)
            if (strcmp(s->flows.at[k].client, s->hosts.at[i].name) == 0 && ++count > OPENED_MAX)
                return doc_fail(error, s->flows.at[k].mark, "client: expected at most %d flows of one client",
                                OPENED_MAX);
    }
    return true;
}

bool scenario_check(struct scenario *s, struct doc_error *error) {
    if (s->flows.count == 0)
        return doc_fail(error, s->mark, "flows: expected at least one flow");
    if (s->paths.count > 50)
        return doc_fail(error, s->mark, "paths: expected at most 50");
    if (s->measure_from_s >= s->duration_s)
        return doc_fail(error, s->mark, "measure_from_s: expected a time before the end of the run");
    for (size_t i = 0; i < s->paths.count; i++)
        if (!check_path(s, &s->paths.at[i], error))
            return false;
    for (size_t i = 0; i < s->mobility.count; i++)
        if (!check_mobility(&s->mobility.at[i], error))
            return false;
    for (size_t i = 0; i < s->flows.count; i++) {
        if (!check_flow(s, &s->flows.at[i], error))
            return false;
        resolve_flow(&s->flows.at[i]);
    }
    if (!check_ports(s, error) || !check_links(s, error))
        return false;
    for (size_t i = 0; i < s->events.count; i++)
        if (!check_event(&s->events.at[i], error) || !check_event_of(s, &s->events.at[i], error))
            return false;
    return check_one_lte(s, error) &&
           (s->engine == SCN_ENGINE_NS3 ? check_engine_ns3(s, error) : check_engine_link(s, error));
}
