/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "from_scenario.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HEADERS_BYTES = 40, TIMESTAMPS_BYTES = 12, DSS_BYTES = 24, DOWN = 0, UP = 1 };

typedef struct {
    const struct scenario *s;
    struct scn_arena *arena;
    oracle_case *out;
    char *error;
    size_t error_bytes;
} reader;

/* An interface of a host: on which path. */
typedef struct {
    size_t path[NET_PATHS_MAX];
    size_t count;
} interfaces;

static bool refuse(const reader *r, struct doc_mark mark, const char *format, ...) {
    int used = snprintf(r->error, r->error_bytes, "%s:%d:%d: ", mark.file, mark.line, mark.column);
    va_list arguments;
    va_start(arguments, format);
    if (used >= 0 && (size_t)used < r->error_bytes)
        vsnprintf(r->error + used, r->error_bytes - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

/* Of a path's cable or of a link. */
static bool check_wire(const reader *r, const struct scn_path *p) {
    if (p->loss_burst_packets > 1)
        return refuse(r, p->mark, "loss_burst_packets: the oracles know independent losses only");
    if (p->ecn && p->queue_discipline != SCN_RED)
        return refuse(r, p->mark, "ecn: the oracles know marks of queue_discipline red only");
    if (p->jitter_ms > 0 || p->duplicate > 0 || p->reorder > 0)
        return refuse(r, p->mark, "jitter_ms, reorder, duplicate: the oracles know none of them");
    return true;
}

static bool check_path(const reader *r, const struct scn_path *p) {
    if (p->type != SCN_ETHERNET)
        return refuse(r, p->mark, "type: the oracles know ethernet paths only");
    if (p->medium != SCN_POINT_TO_POINT)
        return refuse(r, p->mark, "medium: the oracles know point-to-point only");
    if (p->middleboxes.count > 0)
        return refuse(r, p->mark, "middleboxes: the oracles know none");
    if (!check_wire(r, p))
        return false;
    if (p->access_rate_mbps < p->rate_mbps)
        return refuse(r, p->mark, "access_rate_mbps: expected at least rate_mbps, so that the cable is the bottleneck");
    return true;
}

static net_link link_of(const reader *r, const struct scn_path *p, double loss) {
    double bytes = (double)r->s->flows.at[0].mss_bytes + HEADERS_BYTES;
    return (net_link){.name = p->name,
                      .capacity_pps = p->rate_mbps * 1e6 / 8 / bytes,
                      .loss = loss,
                      .queue_max = p->queue_bytes > 0 ? (double)p->queue_bytes / bytes : (double)p->queue_packets,
                      .is_red = p->queue_discipline == SCN_RED,
                      .is_even = true,
                      .is_codel = p->queue_discipline == SCN_CODEL,
                      .is_fair = p->queue_discipline == SCN_FQ_CODEL,
                      .is_marking = p->ecn,
                      .red_min = p->red_min_packets,
                      .red_max = p->red_max_packets,
                      .red_max_p = p->red_max_probability};
}

static bool read_links(reader *r) {
    network *n = &r->out->n;
    n->link_count = 2 * (r->s->paths.count + r->s->links.count);
    if (n->link_count > NET_LINKS_MAX)
        return refuse(r, r->s->mark, "paths, links: expected at most %d in all", NET_LINKS_MAX / 2);
    n->link = scn_alloc(r->arena, n->link_count * sizeof *n->link);
    for (size_t i = 0; i < r->s->paths.count; i++) {
        const struct scn_path *p = &r->s->paths.at[i];
        if (p->enabled && !check_path(r, p))
            return false;
        n->link[2 * i + DOWN] = link_of(r, p, p->loss_down);
        n->link[2 * i + UP] = link_of(r, p, p->loss_up);
    }
    for (size_t i = 0; i < r->s->links.count; i++) {
        const struct scn_path *p = &r->s->links.at[i];
        if (!check_wire(r, p))
            return false;
        n->link[2 * (r->s->paths.count + i) + DOWN] = link_of(r, p, p->loss_down);
        n->link[2 * (r->s->paths.count + i) + UP] = link_of(r, p, p->loss_up);
    }
    return true;
}

/* The interfaces of a host on path i, added. */
static void add_interfaces(const reader *r, const char *host, size_t i, interfaces *found) {
    const struct scn_path *p = &r->s->paths.at[i];
    for (size_t j = 0; p->enabled && j < p->hosts.count; j++)
        if (strcmp(p->hosts.at[j], host) == 0 && found->count < NET_PATHS_MAX)
            found->path[found->count++] = i;
}

static interfaces find_interfaces(const reader *r, const char *host, const struct scn_texts *only) {
    interfaces found = {0};
    for (size_t k = 0; only != NULL && k < only->count; k++)
        for (size_t i = 0; i < r->s->paths.count; i++)
            if (strcmp(r->s->paths.at[i].name, only->at[k]) == 0)
                add_interfaces(r, host, i, &found);
    for (size_t i = 0; (only == NULL || only->count == 0) && i < r->s->paths.count; i++)
        add_interfaces(r, host, i, &found);
    return found;
}

/* What a path of the scenario has on its way, one way: its cable, and the links that it shares. */
static void add_hops(const reader *r, size_t i, size_t way, net_path *path) {
    const struct scn_path *p = &r->s->paths.at[i];
    path->hop[path->hop_count++] = 2 * i + way;
    path->rtt_s += 2e-3 * p->delay_ms;
    for (size_t k = 0; k < p->links.count; k++)
        for (size_t l = 0; l < r->s->links.count; l++)
            if (strcmp(r->s->links.at[l].name, p->links.at[k]) == 0) {
                path->hop[path->hop_count++] = 2 * (r->s->paths.count + l) + way;
                path->rtt_s += 2e-3 * r->s->links.at[l].delay_ms;
            }
}

static net_path path_between(const reader *r, size_t client, size_t server, bool is_download) {
    const struct scn_path *c = &r->s->paths.at[client], *s = &r->s->paths.at[server];
    net_path path = {.name = c->name, .spread_s = 2e-3 * (c->access_delay_spread_ms + s->access_delay_spread_ms)};
    add_hops(r, is_download ? server : client, UP, &path);
    add_hops(r, is_download ? client : server, DOWN, &path);
    return path;
}

static rule_kind rule_of(const struct scn_flow *f) {
    const char *name = f->congestion_control;
    if (strcmp(name, "default") == 0)
        return f->protocol == SCN_MPTCP ? RULE_LIA : RULE_RENO;
    if (f->protocol != SCN_NS3_TCP)
        return rule_find(name);
    return strcmp(name, "TcpLinuxReno") == 0 || strcmp(name, "TcpNewReno") == 0 ? RULE_RENO
           : strcmp(name, "TcpCubic") == 0                                      ? RULE_CUBIC
                                                                                : RULE_COUNT;
}

static bool is_ecn_capable(const struct scn_flow *f) {
    for (size_t i = 0; i < f->settings.count; i++)
        if (strcmp(f->settings.at[i], "Ecn=true") == 0)
            return true;
    return false;
}

static bool fills_all_paths(const char *scheduler) {
    static const char *const names[] = {"earliest", "minrtt", "roundrobin", "blest", "ecf", "linux", "weighted"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(scheduler, names[i]) == 0)
            return true;
    return false;
}

static bool check_flow(const reader *r, const struct scn_flow *f) {
    if (rule_of(f) == RULE_COUNT)
        return refuse(r, f->mark, "congestion_control: the oracles do not know '%s'", f->congestion_control);
    if (is_ecn_capable(f) != (rule_of(f) == RULE_DCTCP))
        return refuse(r, f->mark,
                      "settings: the oracles know Ecn=true with congestion_control dctcp, and that only with it");
    if (f->bytes != 0)
        return refuse(r, f->mark, "bytes: the oracles know flows without an end only");
    if (f->stop_s > r->s->measure_from_s)
        return refuse(r, f->mark, "stop_s: the oracles know flows that stop before measure_from_s or never");
    if (f->mss_bytes != r->s->flows.at[0].mss_bytes)
        return refuse(r, f->mark, "mss_bytes: expected the same for all flows");
    if (f->protocol == SCN_MPTCP && strcmp(f->path_manager, "fullmesh") != 0 && strcmp(f->path_manager, "none") != 0)
        return refuse(r, f->mark, "path_manager: the oracles know fullmesh and none");
    if (f->protocol == SCN_MPTCP && !fills_all_paths(f->scheduler))
        return refuse(r, f->mark, "scheduler: the oracles know those that fill all paths, not '%s'", f->scheduler);
    return true;
}

static bool read_flow(reader *r, size_t i) {
    const struct scn_flow *f = &r->s->flows.at[i];
    net_flow *flow = &r->out->n.flow[i];
    if (!check_flow(r, f))
        return false;
    bool is_mptcp = f->protocol == SCN_MPTCP, is_many = is_mptcp && strcmp(f->path_manager, "none") != 0;
    interfaces client = find_interfaces(r, f->client, &f->paths), server = find_interfaces(r, f->server, NULL);
    *flow = (net_flow){.name = f->name,
                       .rule = rule_of(f),
                       .copies = 1,
                       .buffer_packets =
                           fmin((double)f->send_buffer_bytes, (double)f->receive_buffer_bytes) / (double)f->mss_bytes,
                       .start_s = f->start_s,
                       .start_jitter_s = f->start_jitter_s,
                       .stop_s = f->stop_s,
                       .is_over = f->stop_s > 0};
    for (size_t c = 0; c < (is_many ? client.count : client.count > 0); c++)
        for (size_t s = 0; s < (is_many ? server.count : server.count > 0); s++) {
            if (flow->path_count == NET_PATHS_MAX)
                return refuse(r, f->mark, "paths: expected at most %d pairs of interfaces", NET_PATHS_MAX);
            if (client.path[c] == server.path[s])
                return refuse(r, f->mark,
                              "paths: %s and %s are both on %s, behind one switch: the oracles know flows through "
                              "the paths' cables only",
                              f->client, f->server, r->s->paths.at[client.path[c]].name);
            flow->path[flow->path_count++] =
                path_between(r, client.path[c], server.path[s], f->direction == SCN_DOWNLOAD);
        }
    if (flow->path_count == 0)
        return refuse(r, f->mark, "paths: no path leads from %s to %s", f->client, f->server);
    if (!flow->is_over)
        r->out->started_s = fmax(r->out->started_s, f->start_s + f->start_jitter_s);
    double payload = (double)f->mss_bytes - TIMESTAMPS_BYTES - (is_mptcp ? DSS_BYTES : 0);
    r->out->mbps_per_pps[i] = payload * 8e-6;
    return true;
}

bool oracle_from_scenario(oracle_case *out, const struct scenario *s, struct scn_arena *arena, char *error,
                          size_t error_bytes) {
    reader r = {s, arena, out, error, error_bytes};
    *out = (oracle_case){.warm_up_s = s->measure_from_s, .measured_s = s->duration_s - s->measure_from_s};
    if (s->events.count > 0)
        return refuse(&r, s->events.at[0].mark, "events: the oracles know networks without events only");
    if (s->flows.count == 0)
        return refuse(&r, s->mark, "flows: expected at least one");
    if (!read_links(&r))
        return false;
    out->n.flow_count = s->flows.count;
    out->n.flow = scn_alloc(arena, s->flows.count * sizeof *out->n.flow);
    out->mbps_per_pps = scn_alloc(arena, s->flows.count * sizeof *out->mbps_per_pps);
    for (size_t i = 0; i < s->flows.count; i++)
        if (!read_flow(&r, i))
            return false;
    if (network_paths(&out->n) > NET_TOTAL_MAX)
        return refuse(&r, s->mark, "flows: expected at most %d subflows in all", NET_TOTAL_MAX);
    return true;
}
