/* SPDX-License-Identifier: GPL-2.0-or-later */
/** The applications: write, read and compare, shut down, abort, release, and know what may not happen. */
#include <inttypes.h>

#include "sim_world.h"

enum { FIRST_PORT = 5000 };
#define RETRY_NS (50 * MPT_MS)

static const sim_app_side *app_side(const sim_conn *c) {
    return &c->host->world->scenario.app[c->app].side[c->host->side];
}

static sim_conn *peer_of(const sim_conn *c) {
    return c->host->world->host[!c->host->side].conn[c->app];
}

static const char *side_name(const sim_conn *c) {
    return c->host->side == SIM_CLIENT ? "client" : "server";
}

/** @return true when one of the two sides ends this application by force. */
static bool is_aborting(const sim_scenario *s, uint32_t app) {
    return s->app[app].side[0].abort_ns != MPT_NEVER || s->app[app].side[1].abort_ns != MPT_NEVER;
}

/* ---- Ticks: what the application does later ---------------------------------------------------------------- */

static void tick(sim_world *w, void *object, uint64_t number) {
    (void)number;
    sim_conn *c = object;
    if (c->tick_at <= w->now) {
        c->tick_at = MPT_NEVER;
        sim_app_step(c);
        sim_host_settle(c->host);
    }
}

static void tick_in(sim_conn *c, mpt_time delay_ns) {
    sim_world *w = c->host->world;
    if (c->tick_at == MPT_NEVER) {
        c->tick_at = w->now + delay_ns;
        sim_events_add(&w->events, c->tick_at, tick, c, 0);
    }
}

/* ---- Writing ---------------------------------------------------------------------------------------------- */

/** @return stream offset up to which the application would write now. */
static uint64_t write_limit(const sim_conn *c) {
    const sim_app_side *mine = app_side(c);
    if (mine->message_bytes == 0) {
        return mine->bytes;
    }
    const sim_app_side *other = &c->host->world->scenario.app[c->app].side[!c->host->side];
    uint64_t turns = c->read / other->message_bytes + (c->host->side == SIM_CLIENT ? 1 : 0);
    uint64_t limit = turns * mine->message_bytes;
    return limit < mine->bytes ? limit : mine->bytes;
}

static void write_some(sim_conn *c) {
    const sim_app_side *mine = app_side(c);
    mpt_time now = c->host->world->now;
    while (!c->is_shut && c->written < write_limit(c)) {
        uint64_t count = write_limit(c) - c->written;
        uint64_t room = mpt_conn_writable(c->conn);
        count = count > room ? room : count;
        count = count > mine->write_bytes_max ? mine->write_bytes_max : count;
        if (count == 0) {
            return;
        }
        SIM_REQUIRE(mpt_conn_write_offset(c->conn) == c->written,
                    "app %u %s: write offset is %" PRIu64 ", %" PRIu64 " were written", c->app, side_name(c),
                    mpt_conn_write_offset(c->conn), c->written);
        mpt_status status = mpt_conn_write(c->conn, count, now);
        if (status == MPT_ERR_MEMORY) {
            tick_in(c, RETRY_NS);
            return;
        }
        SIM_REQUIRE(status == MPT_OK, "app %u %s: mpt_conn_write() returns %s", c->app, side_name(c),
                    mpt_status_name(status));
        sim_store_append_pattern(&c->sent, c->host->side, c->app, count);
        c->written += count;
    }
}

/* ---- Reading ---------------------------------------------------------------------------------------------- */

/**
 * How many bytes of another value may be read: none, but for as many as the scenario lets middleboxes rewrite where MPTCP's checksums do
 * not tell (RFC 8684 3.7).
 */
static uint64_t excused_bytes(const sim_conn *c) {
    const sim_scenario *s = &c->host->world->scenario;
    mpt_conn_info info;
    mpt_conn_get_info(c->conn, &info);
    bool has_checksum = s->settings[SIM_CLIENT].conn.dss_checksum || s->settings[SIM_SERVER].conn.dss_checksum;
    return has_checksum && s->is_sealed && info.mode == MPT_MODE_MPTCP ? c->rewritten : s->rewritten_bytes_max;
}

/** The next @p count bytes are those written, but for as many as the scenario lets middleboxes rewrite. */
static void compare(sim_conn *c, uint64_t count) {
    uint64_t at = c->read, end = c->read + count, wrong, excused = excused_bytes(c);
    while (at < end && (wrong = sim_store_compare(&c->received, !c->host->side, c->app, at, end - at)) != UINT64_MAX) {
        SIM_REQUIRE(++c->rewritten <= excused, "app %u %s: wrong byte delivered at offset %" PRIu64, c->app,
                    side_name(c), wrong);
        at = wrong + 1;
    }
}

static void read_bytes(sim_conn *c, uint64_t count) {
    const sim_scenario *s = &c->host->world->scenario;
    SIM_REQUIRE(mpt_conn_read_offset(c->conn) == c->read,
                "app %u %s: read offset is %" PRIu64 ", %" PRIu64 " were read", c->app, side_name(c),
                mpt_conn_read_offset(c->conn), c->read);
    if (s->expect_content) {
        const sim_conn *peer = peer_of(c);
        uint64_t written = peer == NULL ? 0 : peer->written;
        SIM_REQUIRE(c->read + count <= written, "app %u %s: %" PRIu64 " bytes delivered, the peer wrote %" PRIu64,
                    c->app, side_name(c), c->read + count, written);
        compare(c, count);
    }
    mpt_conn_consume(c->conn, count, c->host->world->now);
    c->read += count;
    if (c->read <= c->received.end) {
        sim_store_drop(&c->received, c->read);
    }
}

static void read_some(sim_conn *c) {
    const sim_app_side *mine = app_side(c);
    mpt_time start = c->connected_at + mine->read_start_ns;
    mpt_time now = c->host->world->now;
    if (now < start) {
        tick_in(c, start - now);
        return;
    }
    uint64_t count = mpt_conn_readable(c->conn);
    if (count > 0 && mine->read_pause_ns > 0) {
        if (c->tick_at == MPT_NEVER) {
            read_bytes(c, count > mine->read_bytes_max ? mine->read_bytes_max : count);
            tick_in(c, mine->read_pause_ns);
        }
    } else if (count > 0) {
        read_bytes(c, count);
    }
}

static void notice_end(sim_conn *c) {
    const sim_scenario *s = &c->host->world->scenario;
    if (c->is_ended || !mpt_conn_peer_ended(c->conn) || mpt_conn_readable(c->conn) > 0) {
        return;
    }
    c->is_ended = true;
    if (s->expect_content && !is_aborting(s, c->app)) {
        const sim_conn *peer = peer_of(c);
        SIM_REQUIRE(peer != NULL && (peer->is_shut || peer->is_released),
                    "app %u %s: an end that the peer did not make", c->app, side_name(c));
        SIM_REQUIRE(c->read == peer->written, "app %u %s: end after %" PRIu64 " bytes, the peer wrote %" PRIu64, c->app,
                    side_name(c), c->read, peer->written);
    }
}

/* ---- Closing ---------------------------------------------------------------------------------------------- */

static void release(sim_conn *c) {
    mpt_conn_get_info(c->conn, &c->last_info);
    c->host->world->stats[SIM_STAT_fell_back] += c->last_info.mode == MPT_MODE_FALLBACK;
    c->host->world->stats[SIM_STAT_failed] += c->failure != MPT_OK && !c->is_aborted;
    c->is_released = true;
    mpt_conn_release(c->conn, c->host->world->now);
}

static void close_some(sim_conn *c) {
    const sim_app_side *mine = app_side(c);
    if (!c->is_shut && c->written == mine->bytes) {
        c->is_shut = true;
        if (mine->releases_early) {
            SIM_COUNT(c->host->world->stats, released_early);
            release(c);
            return;
        }
        mpt_conn_shutdown(c->conn, c->host->world->now);
    }
    if (c->is_shut && c->is_ended && (!mine->waits_for_closed || c->is_closed)) {
        release(c);
    }
}

void sim_app_step(sim_conn *c) {
    if (c->app == UINT32_MAX || c->is_released || c->connected_at == MPT_NEVER) {
        return;
    }
    if (c->failure != MPT_OK) {
        release(c);
        return;
    }
    sim_store_drop(&c->sent, mpt_conn_acked_offset(c->conn));
    do {
        uint64_t read_before = c->read;
        write_some(c);
        read_some(c);
        if (c->read == read_before || app_side(c)->read_pause_ns > 0) {
            break;
        }
    } while (true);
    write_some(c);
    notice_end(c);
    close_some(c);
}

static void abort_now(sim_world *w, void *object, uint64_t app) {
    sim_host *h = object;
    sim_conn *c = h->conn[app];
    (void)w;
    if (c == NULL || c->is_released || c->failure != MPT_OK) {
        return;
    }
    c->is_aborted = true;
    SIM_COUNT(w->stats, aborted);
    mpt_conn_abort(c->conn, w->now);
    sim_host_settle(h);
}

/* ---- Notices ---------------------------------------------------------------------------------------------- */

static void schedule_abort(sim_host *h, uint32_t app) {
    sim_world *w = h->world;
    const sim_app_settings *a = &w->scenario.app[app];
    if (a->side[h->side].abort_ns != MPT_NEVER) {
        mpt_time at = a->start_ns + a->side[h->side].abort_ns;
        sim_events_add(&w->events, at > w->now ? at : w->now, abort_now, h, app);
    }
}

/** May a box that changes headers have made a plain connection of a join, as where an RST becomes an ACK? */
static bool may_be_stray(const sim_scenario *s) {
    bool is_changing = false;
    for (uint32_t i = 0; i < s->link_count; i++) {
        is_changing |= s->link[i].corrupt_ppm > 0;
    }
    return is_changing && !s->expect_delivery;
}

static void send_away(sim_host *h, mpt_conn *conn) {
    mpt_conn_abort(conn, h->world->now);
    mpt_conn_release(conn, h->world->now);
    sim_conn_free(h->unclaimed);
    h->unclaimed = NULL;
}

static void accept(sim_host *h, const mpt_notice *n) {
    uint32_t app = 0;
    while (app < h->world->scenario.app_count && h->listener[app] != n->listener) {
        app++;
    }
    SIM_REQUIRE(app < h->world->scenario.app_count, "accepted from a listener that nobody opened");
    if (h->conn[app] != NULL && may_be_stray(&h->world->scenario)) {
        send_away(h, n->conn);
        return;
    }
    SIM_REQUIRE(h->conn[app] == NULL, "app %u: a second connection is accepted", app);
    sim_conn *c = sim_host_conn(h, n->conn);
    if (c == NULL) {
        c = sim_conn_new(h, n->conn);
    } else {
        h->unclaimed = NULL;
    }
    c->app = app;
    c->connected_at = h->world->now;
    h->conn[app] = c;
    mpt_conn_set_user(n->conn, c);
    schedule_abort(h, app);
    sim_app_step(c);
}

static void fail(sim_conn *c, mpt_status reason) {
    const sim_scenario *s = &c->host->world->scenario;
    SIM_REQUIRE(reason < 0, "app %u %s: failed with status %s", c->app, side_name(c), mpt_status_name(reason));
    SIM_REQUIRE(!s->expect_delivery || is_aborting(s, c->app), "app %u %s: the connection failed with %s", c->app,
                side_name(c), mpt_status_name(reason));
    SIM_REQUIRE((reason == MPT_ERR_ABORTED) == c->is_aborted, "app %u %s: failed with %s after %s", c->app,
                side_name(c), mpt_status_name(reason), c->is_aborted ? "an abort" : "no abort");
    c->failure = reason;
    c->connected_at = c->connected_at == MPT_NEVER ? c->host->world->now : c->connected_at;
}

void sim_app_notice(sim_host *h, const mpt_notice *n) {
    sim_world *w = h->world;
    sim_hash(w, &n->kind, sizeof n->kind);
    sim_hash(w, &n->reason, sizeof n->reason);
    if (w->options.is_verbose) {
        sim_print_notice(h, n);
    }
    if (n->kind == MPT_NOTICE_ACCEPTED) {
        accept(h, n);
        return;
    }
    sim_conn *c = sim_host_conn(h, n->conn);
    if (c == NULL && n->kind == MPT_NOTICE_GONE && may_be_stray(&w->scenario)) {
        return;
    }
    SIM_REQUIRE(c != NULL && c->app != UINT32_MAX, "notice %d about a connection that the host does not have", n->kind);
    SIM_REQUIRE(!c->is_released || n->kind == MPT_NOTICE_GONE, "app %u %s: notice %d after the release", c->app,
                side_name(c), n->kind);
    SIM_REQUIRE(n->kind == MPT_NOTICE_GONE || n->user == c, "app %u %s: notice %d with the wrong user", c->app,
                side_name(c), n->kind);
    switch (n->kind) {
    case MPT_NOTICE_ACCEPTED:
    case MPT_NOTICE_READABLE:
    case MPT_NOTICE_WRITABLE: break;
    case MPT_NOTICE_CONNECTED:
        SIM_REQUIRE(c->connected_at == MPT_NEVER, "app %u %s: connected twice", c->app, side_name(c));
        c->connected_at = w->now;
        break;
    case MPT_NOTICE_CLOSED:
        SIM_REQUIRE(c->is_shut && !c->is_closed, "app %u %s: closed twice or without a shutdown", c->app, side_name(c));
        c->is_closed = true;
        break;
    case MPT_NOTICE_FAILED: fail(c, n->reason); break;
    case MPT_NOTICE_GONE:
        SIM_REQUIRE(c->is_released, "app %u %s: gone before the release", c->app, side_name(c));
        c->is_gone = true;
        return;
    }
    sim_app_step(c);
}

/* ---- Start ------------------------------------------------------------------------------------------------ */

void sim_app_start(sim_world *w, void *object, uint64_t app) {
    (void)object;
    const sim_scenario *s = &w->scenario;
    uint32_t link = s->app[app].link;
    sim_host *h = &w->host[SIM_CLIENT];
    mpt_endpoint local = {.addr = sim_client_address(link, s->link[link].is_ipv6)};
    mpt_endpoint remote = {.addr = sim_server_address(0, s->link[link].is_ipv6), .port = (uint16_t)(FIRST_PORT + app)};
    mpt_conn *conn = NULL;
    mpt_status status = mpt_connect(h->stack, &local, &remote, NULL, w->now, &conn);
    if (status == MPT_ERR_MEMORY || status == MPT_ERR_LIMIT || status == MPT_ERR_ADDRESS) {
        w->stats[SIM_STAT_connect_refused] += status == MPT_ERR_LIMIT;
        if (w->now >= s->delivery_ns && !s->expect_delivery) {
            return;
        }
        SIM_REQUIRE(w->now < s->delivery_ns, "app %" PRIu64 ": mpt_connect() still returns %s", app,
                    mpt_status_name(status));
        sim_events_add(&w->events, w->now + RETRY_NS, sim_app_start, NULL, app);
        return;
    }
    SIM_REQUIRE(status == MPT_OK, "mpt_connect() returns %s", mpt_status_name(status));
    sim_conn *c = sim_conn_new(h, conn);
    c->app = (uint32_t)app;
    h->conn[app] = c;
    mpt_conn_set_user(conn, c);
    schedule_abort(h, (uint32_t)app);
    sim_host_settle(h);
}
