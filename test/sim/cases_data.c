/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_data.c: data, their acknowledgement and the window at connection level (RFC 8684 3.3). */
#include <inttypes.h>

#include "cases.h"
#include "mptcp/mpt_conn.h"
#include "base/mpt_seq.h"

/* ---- DATA_ACK ------------------------------------------------------------------------------------------------------ */

/** Nagle's algorithm waits for the DATA_ACK of the segment before; it loses its options on the way. */
static void missing_data_ack(const char *name, uint32_t times, mpt_time until_ns) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_strip, .skip = 4, .times = times};
    sim_scenario_default(&s, name, 1);
    for (int side = 0; side < 2; side++) {
        s.app[0].side[side].message_bytes = side == SIM_CLIENT ? 2000 : 1;
        s.app[0].side[side].bytes = 10 * s.app[0].side[side].message_bytes;
    }
    s.delivery_ns = until_ns;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == times, "%u ACKs were stripped", box.acted);
    sim_world_free(w);
}

static void missing_data_ack_is_asked_for(const char *name) {
    missing_data_ack(name, 1, 3 * MPT_S);
}

static void data_are_sent_again_when_their_data_ack_stays_away(const char *name) {
    missing_data_ack(name, 3, 6 * MPT_S);
}

static bool is_server_ack(sim_box *b, int from, const sim_packet *p, const mpt_wire *w) {
    (void)b;
    return from == SIM_SERVER && p->segment.payload_bytes == 0 && w->flags == MPT_ACK;
}

/** A box that acknowledges data, and loses them: they come again soon, and not by the same way. */
static void data_whose_data_ack_stays_away_go_another_way(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = is_server_ack,
                   .act = sim_do_strip,
                   .times = 1000,
                   .from_ns = 1900 * MPT_MS,
                   .until_ns = 6900 * MPT_MS};
    sim_case_two_links(&s, name, 2000, 2);
    s.settings[SIM_CLIENT].conn.opportunistic_retransmission =
        false; /* what goes another way is not a copy of what is late */
    s.app[0].side[SIM_CLIENT].message_bytes = 1000;
    s.app[0].side[SIM_SERVER].message_bytes = 1;
    s.app[0].side[SIM_SERVER].read_start_ns = 2 * MPT_S;
    s.app[0].side[SIM_SERVER].read_pause_ns = 5 * MPT_S;
    s.app[0].side[SIM_SERVER].read_bytes_max = 1000;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 1900 * MPT_MS);
    SIM_REQUIRE(box.data_bytes[0][SIM_CLIENT] == 1000 && box.data_bytes[1][SIM_CLIENT] == 0, "not the first link");
    sim_world_run_until(w, 3 * MPT_S);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] == 1000, "%" PRIu64 " bytes on the other link, %" PRIu64 " on the first",
                box.data_bytes[1][SIM_CLIENT], box.data_bytes[0][SIM_CLIENT]);
    sim_case_finish(w);
}

/* ---- What the host has to keep ------------------------------------------------------------------------------------- */

/** A silent subflow names old data while the stream goes on by another: the host keeps a send buffer of what the peer has, no more. */
static void host_keeps_no_more_than_a_buffer_of_what_the_peer_has(const char *name) {
    for (int has_checksum = 0; has_checksum <= 1; has_checksum++) {
        sim_scenario s;
        sim_box box = {0};
        uint64_t most = 0;
        sim_case_two_links(&s, name, 0, 14 * MEGABYTE);
        s.link[0].rate_bps = 2000000;
        for (int side = 0; side < 2; side++) {
            s.settings[side].conn.send_buffer_bytes = 300000;
            s.settings[side].conn.dss_checksum = has_checksum;
        }
        s.delivery_ns = 30 * MPT_S;
        sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_BLOCK, 0);
        sim_scenario_fault(&s, 6 * MPT_S, SIM_FAULT_UNBLOCK, 0);
        sim_world *w = sim_case_world(&s, &box);
        for (mpt_time at = 1 * MPT_S; at < 7 * MPT_S; at += 10 * MPT_MS) {
            sim_world_run_until(w, at);
            const sim_store *kept = &w->host[SIM_SERVER].conn[0]->sent;
            most = kept->end - kept->dropped > most ? kept->end - kept->dropped : most;
        }
        /* with checksums it is found out when the subflow is asked whether it is back, every three seconds */
        uint64_t bound = 2 * 300000 + (has_checksum ? 4 * UINT64_C(10000000) / 8 : 0);
        SIM_REQUIRE(most > 300000 && most <= bound, "checksums %d: %" PRIu64 " bytes were kept", has_checksum, most);
        uint64_t before = box.data_bytes[0][SIM_SERVER];
        sim_world_run_until(w, has_checksum ? 22 * MPT_S : 11 * MPT_S);
        SIM_REQUIRE(has_checksum || box.data_bytes[0][SIM_SERVER] > before + 100000,
                    "%" PRIu64 " bytes on the link that is back", box.data_bytes[0][SIM_SERVER] - before);
        sim_case_finish(w);
    }
}

/* ---- Sequence numbers ----------------------------------------------------------------------------------------------- */

/** Moves the numbers of the stream from @p side so that @p target comes 50000 bytes after what was sent; nothing may be under way. */
static void renumber(sim_world *w, int side, uint64_t target) {
    mpt_conn *sender = w->host[side].conn[0]->conn, *receiver = w->host[!side].conn[0]->conn;
    SIM_REQUIRE(sender->snd_una == sender->snd_nxt && receiver->rx.next == sender->snd_nxt,
                "side %d: data are under way", side);
    sender->idsn_local = receiver->idsn_remote = target - 1 - sender->snd_nxt - 50000;
}

/** Each side with short and long numbers for data and acknowledgements, over the wrap of 2^32 and of 2^64, with losses and checksums. */
static void sequence_numbers_of_every_form_wrap(const char *name) {
    static const uint64_t targets[] = {UINT64_C(1) << 32, UINT64_C(0x7654321000000000), UINT64_C(1) << 63, 0, 1,
                                       UINT64_MAX};
    for (uint32_t run = 0; run < 16 * 6 * 2; run++) {
        sim_scenario s;
        sim_box box = {0};
        char run_name[sizeof s.name];
        snprintf(run_name, sizeof run_name, "%.50s %u", name, run);
        sim_case_two_links(&s, run_name, 300000, 300000);
        s.seed = run;
        s.link[0].loss_ppm = s.link[1].loss_ppm = 10000;
        s.link[1].jitter_ns = 5 * MPT_MS;
        s.app[0].side[SIM_CLIENT].message_bytes = s.app[0].side[SIM_SERVER].message_bytes = 100000;
        s.app[0].side[SIM_SERVER].read_start_ns = 5 * MPT_S;
        for (uint32_t side = 0; side < 2; side++) {
            snprintf(s.settings[side].conn.scheduler, MPT_NAME_BYTES, "roundrobin"); /* both are to carry */
            s.settings[side].conn.dsn64 = run >> (2 * side) & 1;
            s.settings[side].conn.data_ack64 = run >> (2 * side + 1) & 1;
        }
        s.settings[SIM_SERVER].conn.dss_checksum = run >= 16 * 6;
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run_until(w, 4 * MPT_S);
        renumber(w, SIM_CLIENT, targets[run / 16 % 6]);
        renumber(w, SIM_SERVER, targets[(run / 16 + 1) % 6]);
        sim_world_run(w);
        for (int side = 0; side < 2; side++) {
            SIM_REQUIRE(w->host[side].conn[0]->last_info.mode == MPT_MODE_MPTCP, "mode %d",
                        w->host[side].conn[0]->last_info.mode);
            SIM_REQUIRE(box.data_bytes[1][side] > 10000, "the second link carried %" PRIu64 " bytes",
                        box.data_bytes[1][side]);
            SIM_REQUIRE(sim_case_counters(w, side)->DataCsumErr == 0, "a checksum was wrong");
        }
        sim_world_free(w);
    }
}

/* ---- Several paths ------------------------------------------------------------------------------------------------- */

static void used_together(const char *name, bool has_pacing) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 20 * MEGABYTE);
    s.settings[SIM_SERVER].conn.pacing = has_pacing;
    s.delivery_ns = 10 * MPT_S; /* 20 MB over 20 Mb/s take 8 s, headers included 8.5 s */
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    uint64_t sum = box.data_bytes[0][SIM_SERVER] + box.data_bytes[1][SIM_SERVER];
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] > sum / 3 && box.data_bytes[0][SIM_SERVER] > sum / 3,
                "%" PRIu64 " and %" PRIu64 " bytes", box.data_bytes[0][SIM_SERVER], box.data_bytes[1][SIM_SERVER]);
    SIM_REQUIRE(sum < 20 * MEGABYTE * 103 / 100, "%" PRIu64 " bytes were sent for 20 MB", sum);
    sim_world_free(w);
}

static void two_paths_are_used_together(const char *name) {
    used_together(name, false);
}

/** While pacing holds the one, the scheduler has the other. */
static void two_paced_paths_are_used_together(const char *name) {
    used_together(name, true);
}

/* ---- The window ---------------------------------------------------------------------------------------------------- */

/** The reader sleeps; the window's opening is told once and that segment is lost. */
static void zero_window(const char *name, bool is_mptcp) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_lose, .times = 1, .from_ns = 20 * MPT_S};
    sim_scenario_default(&s, name, 1);
    s.settings[SIM_CLIENT].conn.mptcp = is_mptcp;
    s.settings[SIM_SERVER].conn.receive_buffer_bytes = 50000;
    s.app[0].side[SIM_CLIENT].bytes = MEGABYTE;
    s.app[0].side[SIM_SERVER].read_start_ns = 20 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 5 * MPT_S);
    uint64_t probes = w->host[SIM_CLIENT].segments_sent, bytes = box.data_bytes[0][SIM_CLIENT];
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).bytes_acked == 50000, "%" PRIu64 " bytes before the window closed",
                sim_case_info(w, SIM_CLIENT).bytes_acked);
    sim_world_run_until(w, 20 * MPT_S);
    SIM_REQUIRE(w->host[SIM_CLIENT].segments_sent >= probes + 2, "a closed window was probed %" PRIu64 " times in 15 s",
                w->host[SIM_CLIENT].segments_sent - probes);
    SIM_REQUIRE(box.data_bytes[0][SIM_CLIENT] <= bytes + 15, "data were sent into a closed window");
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 1, "the window's opening was not lost");
    sim_world_free(w);
}

static void zero_window_is_probed_and_recovers(const char *name) {
    zero_window(name, true);
}

static void zero_window_is_probed_and_recovers_without_mptcp(const char *name) {
    zero_window(name, false);
}

static bool is_window_update_on_link(sim_box *b, int from, const sim_packet *p, const mpt_wire *w) {
    return from == SIM_SERVER && p->link == b->link && p->segment.payload_bytes == 0 && w->window > 3000;
}

/** The second link's segments are longer than the first's: what is left of the window is worth a segment there only. */
static void window_too_small_for_one_subflow_is_probed(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = is_window_update_on_link, .act = sim_do_lose, .times = 1, .link = 1, .skip = 5};
    sim_case_two_links(&s, name, MEGABYTE / 10, 0);
    s.link[0].mtu_bytes = 576;
    s.link[0].delay_ns = 20 * MPT_MS;
    s.link[1].delay_ns = 1 * MPT_MS;
    s.settings[SIM_SERVER].conn.receive_buffer_bytes = 3705;
    s.settings[SIM_SERVER].conn.window_scaling = false;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 1, "the window's opening was not lost");
    sim_world_free(w);
}

typedef struct edge_watch {
    bool is_mptcp, has_first;
    uint8_t scale;
    uint64_t acked, edge; /**< relative to the first */
    uint32_t growths;     /**< times that the edge moved */
} edge_watch;

/** Right edge of the server's window as its segments say it (RFC 8684 3.3.4: DATA_ACK + window; RFC 7323 2.4: up to a unit of the scale less). */
static bool watch_edge(sim_world *w, int from, sim_packet *p) {
    edge_watch *e = w->filter_user;
    mpt_wire wire = {0};
    mpt_wire_decode(&wire, p->segment.header, p->segment.header_bytes);
    if (from == SIM_SERVER && (wire.flags & MPT_SYN)) {
        e->scale = wire.has_window_scale ? wire.window_scale : 0;
    }
    bool has_ack = e->is_mptcp ? (wire.mptcp & 1u << MPT_DSS) && wire.dss.has_ack : wire.flags & MPT_ACK;
    if (from != SIM_SERVER || (wire.flags & (MPT_SYN | MPT_RST)) || !has_ack) {
        return true;
    }
    uint32_t number = e->is_mptcp ? (uint32_t)wire.dss.ack : wire.ack;
    e->acked = e->has_first ? mpt_seq_expand(number, e->acked) : number;
    e->has_first = true;
    uint64_t edge = e->acked + ((uint64_t)wire.window << e->scale);
    SIM_REQUIRE(edge + (1u << e->scale) > e->edge, "the right edge moved back from %" PRIu64 " to %" PRIu64, e->edge,
                edge);
    e->growths += edge > e->edge;
    e->edge = edge > e->edge ? edge : e->edge;
    return true;
}

static void window_never_shrinks(const char *name) {
    for (uint32_t run = 0; run < 40; run++) {
        sim_scenario s;
        edge_watch e = {.is_mptcp = run % 2};
        char run_name[sizeof s.name];
        snprintf(run_name, sizeof run_name, "%.50s %u", name, run);
        sim_case_two_links(&s, run_name, 400000, 1000);
        s.seed = run;
        s.link[0].loss_ppm = s.link[1].loss_ppm = run % 3 * 20000;
        s.link[0].jitter_ns = 10 * MPT_MS;
        s.settings[SIM_CLIENT].conn.mptcp = e.is_mptcp;
        s.settings[SIM_SERVER].conn.receive_buffer_bytes = run % 4 < 2 ? 20000 : 150000;
        s.settings[SIM_SERVER].conn.window_scaling = run % 5 != 0;
        s.app[0].side[SIM_SERVER].read_pause_ns = 20 * MPT_MS;
        s.app[0].side[SIM_SERVER].read_bytes_max = 3000 + 200 * run;
        sim_world *w = sim_world_new(&s, &(sim_options){.check_every = 1});
        w->filter = watch_edge;
        w->filter_user = &e;
        sim_world_run(w);
        SIM_REQUIRE(e.growths > 10, "the edge moved %u times", e.growths);
        sim_world_free(w);
    }
}

/** Closed window, and the path that the opening would be told on dies: a probe on the other must find it. */
static void window_probes_go_round_the_subflows(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 100000, 0);
    s.settings[SIM_SERVER].conn.receive_buffer_bytes = 20000;
    s.app[0].side[SIM_SERVER].read_start_ns = 20 * MPT_S;
    sim_scenario_fault(&s, 5 * MPT_S, SIM_FAULT_KILL, 0);
    s.delivery_ns = 60 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(w->link[0].is_dead, "the link was not killed");
    sim_world_free(w);
}

/** A copy takes only the beginning of a segment where the other path's are smaller: what did not fit goes there as well, whenever the first path dies. */
static void rest_of_a_copied_segment_survives_its_path(const char *name) {
    for (uint32_t ms = 300; ms < 700; ms += 10) {
        sim_scenario s;
        sim_box box = {0};
        sim_case_two_links(&s, name, 0, 0);
        s.app[0].side[SIM_CLIENT].bytes = 780;
        s.app[0].side[SIM_CLIENT].message_bytes = 26;
        s.app[0].side[SIM_SERVER].bytes = 30 * 5636;
        s.app[0].side[SIM_SERVER].message_bytes = 5636;
        s.link[0].delay_ns = 1 * MPT_MS;
        s.link[1].delay_ns = 1 * MPT_MS;
        s.link[1].mtu_bytes = 296;
        s.link[1].rate_bps = 300000;
        s.app[0].side[SIM_CLIENT].read_bytes_max = 1253;
        s.app[0].side[SIM_CLIENT].read_pause_ns = 20 * MPT_MS;
        s.settings[SIM_SERVER].conn.pacing = true;
        s.delivery_ns = 100 * MPT_S;
        sim_scenario_fault(&s, ms * MPT_MS, SIM_FAULT_KILL, 0);
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run(w);
        sim_world_free(w);
    }
}

/** One transfer over 100 ms and a queue of 100 kB, for 20 seconds. @return how the client stands then */
static mpt_conn_info after_20_s(const char *name, uint64_t rate_bps, bool has_tuning, bool has_timestamps) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.link[0].rate_bps = rate_bps;
    s.link[0].delay_ns = 50 * MPT_MS;
    s.link[0].queue_bytes_max = 100000;
    s.app[0].side[SIM_CLIENT].bytes = 1000 * MEGABYTE;
    s.delivery_ns = s.end_ns = 3600 * MPT_S;
    s.settings[SIM_SERVER].conn.receive_buffer_autotuning = has_tuning;
    s.settings[SIM_SERVER].conn.timestamps = has_timestamps;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 20 * MPT_S);
    mpt_conn_info info = sim_case_info(w, SIM_CLIENT);
    sim_world_free(w);
    return info;
}

static uint64_t offered_window(const mpt_conn_info *i) {
    return i->send_window_bytes + i->bytes_sent - i->bytes_acked;
}

/** What mpt_rcvbuf.c may come to for a path that holds so much: slow start ends between two and four times that. */
static uint64_t most_tuned_bytes(uint64_t path_bytes) {
    return 3 * (2 * path_bytes + 16 * 1460);
}

/** A path holds 12.5 kB or 250 kB and the queue: the window grows to some times that, and nothing is lost by it. */
static void receive_buffer_follows_the_rate(const char *name) {
    for (int has_timestamps = 0; has_timestamps <= 1; has_timestamps++) {
        mpt_conn_info slow = after_20_s(name, 1000000, true, has_timestamps),
                      fast = after_20_s(name, 20000000, true, has_timestamps);
        mpt_conn_info fixed = after_20_s(name, 20000000, false, has_timestamps);
        SIM_REQUIRE(offered_window(&slow) >= 112500 && offered_window(&slow) < most_tuned_bytes(112500),
                    "slow: %" PRIu64 " bytes", offered_window(&slow));
        SIM_REQUIRE(offered_window(&fast) >= 350000 && offered_window(&fast) < most_tuned_bytes(350000),
                    "fast: %" PRIu64 " bytes", offered_window(&fast));
        SIM_REQUIRE(offered_window(&fixed) > 6000000, "fixed: %" PRIu64 " bytes", offered_window(&fixed));
        SIM_REQUIRE(fast.bytes_acked > fixed.bytes_acked / 100 * 97, "%" PRIu64 " bytes with it, %" PRIu64 " without",
                    fast.bytes_acked, fixed.bytes_acked);
    }
}

/* ---- A send buffer that grows --------------------------------------------------------------------------------------- */

/** One transfer, or messages in turn, over 100 ms and a queue of 100 kB; the client's send buffer is tuned. */
static void tuned_client(sim_scenario *s, const char *name, uint64_t rate_bps) {
    sim_scenario_default(s, name, 1);
    s->link[0].rate_bps = rate_bps;
    s->link[0].delay_ns = 50 * MPT_MS;
    s->link[0].queue_bytes_max = 100000;
    s->app[0].side[SIM_CLIENT].bytes = 1000 * MEGABYTE;
    s->delivery_ns = s->end_ns = 3600 * MPT_S;
    s->settings[SIM_CLIENT].conn.send_buffer_autotuning = true;
}

/** @return most bytes that were written and not acknowledged, looked at each 10 ms of 20 s */
static uint64_t most_held(const sim_scenario *s) {
    sim_box box = {0};
    uint64_t most = 0;
    sim_world *w = sim_case_world(s, &box);
    for (mpt_time at = 200 * MPT_MS; at <= 20 * MPT_S; at += 10 * MPT_MS) {
        sim_world_run_until(w, at);
        const mpt_conn *c = w->host[SIM_CLIENT].conn[0]->conn;
        uint64_t held = c->snd_written - c->snd_una;
        most = held > most ? held : most;
    }
    sim_world_free(w);
    return most;
}

/** The path holds 112.5 kB or 350 kB, queue and all; slow start ends between two and four windows of that in the buffer, where there is room for so much. */
static void send_buffer_follows_the_windows(const char *name) {
    const struct {
        const char *what;
        uint64_t rate_bps;
        uint32_t buffer_bytes;
        uint64_t least, most;
    } rows[] = {{"slow", 1000000, 4194304, 225000, 4 * 112500 + 30000},
                {"fast", 20000000, 4194304, 700000, 4 * 350000 + 30000},
                {"fast, and a small buffer", 20000000, 150000, 150000, 150000},
                {"a buffer smaller than the first", 20000000, 10000, 10000, 10000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int is_mptcp = 0; is_mptcp <= 1; is_mptcp++) {
            sim_scenario s;
            tuned_client(&s, name, rows[i].rate_bps);
            s.settings[SIM_CLIENT].conn.mptcp = is_mptcp;
            s.settings[SIM_CLIENT].conn.send_buffer_bytes = rows[i].buffer_bytes;
            uint64_t most = most_held(&s);
            SIM_REQUIRE(most >= rows[i].least && most <= rows[i].most, "%s: %" PRIu64 " bytes held", rows[i].what,
                        most);
        }
    }
}

/** Where the application writes little, or the peer takes little: twice the window, which stays what it was at first, or grows in slow start to twice what is under way. */
static void send_buffer_stays_small_where_little_goes(const char *name) {
    for (int is_reader = 0; is_reader <= 1; is_reader++) {
        sim_scenario s;
        sim_box box = {0};
        tuned_client(&s, name, 20000000);
        if (is_reader) {
            s.settings[SIM_SERVER].conn.receive_buffer_bytes = 30000;
            s.app[0].side[SIM_SERVER].read_bytes_max = 10000;
            s.app[0].side[SIM_SERVER].read_pause_ns = 200 * MPT_MS;
        } else {
            s.app[0].side[SIM_CLIENT].bytes = s.app[0].side[SIM_SERVER].bytes = MEGABYTE;
            s.app[0].side[SIM_CLIENT].message_bytes = s.app[0].side[SIM_SERVER].message_bytes = 1000;
        }
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run_until(w, 20 * MPT_S);
        uint64_t room = w->host[SIM_CLIENT].conn[0]->conn->sndbuf_bytes;
        uint64_t most = is_reader ? 2 * 2 * 30000 : 2 * 10 * 1460;
        SIM_REQUIRE(room >= 16384 && room <= most, "%s: room for %" PRIu64 " bytes",
                    is_reader ? "slow reader" : "messages", room);
        sim_world_free(w);
    }
}

typedef struct tuned_row {
    const char *what;
    sim_link_settings link[2];
    uint32_t link_count;
    mpt_time kill_at;
} tuned_row;

/** @return bytes acknowledged in ten seconds */
static uint64_t acked_in_ten_seconds(const char *name, const tuned_row *r, bool has_tuning) {
    sim_scenario s;
    sim_box box = {0};
    tuned_client(&s, name, 0);
    s.link_count = r->link_count;
    for (uint32_t i = 0; i < r->link_count; i++) {
        s.link[i].rate_bps = r->link[i].rate_bps;
        s.link[i].delay_ns = r->link[i].delay_ns;
        s.link[i].queue_bytes_max = r->link[i].queue_bytes_max;
    }
    if (r->kill_at > 0)
        sim_scenario_fault(&s, r->kill_at, SIM_FAULT_KILL, 1);
    s.settings[SIM_CLIENT].conn.send_buffer_autotuning = has_tuning;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 10 * MPT_S);
    uint64_t acked = sim_case_info(w, SIM_CLIENT).bytes_acked;
    sim_world_free(w);
    return acked;
}

static void send_buffer_that_grows_costs_no_goodput(const char *name) {
    const sim_link_settings near = {.rate_bps = 20000000, .delay_ns = 10 * MPT_MS, .queue_bytes_max = 100000},
                            far = {.rate_bps = 10000000, .delay_ns = 100 * MPT_MS, .queue_bytes_max = 250000},
                            long_fat = {.rate_bps = 100000000, .delay_ns = 50 * MPT_MS, .queue_bytes_max = 1250000};
    const tuned_row rows[] = {{"100 Mb/s, 100 ms", {long_fat}, 1, 0},
                              {"two unlike paths", {near, far}, 2, 0},
                              {"two unlike paths, the far one dies", {near, far}, 2, 4 * MPT_S},
                              {"two unlike paths, the near one dies", {far, near}, 2, 4 * MPT_S}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t with = acked_in_ten_seconds(name, &rows[i], true),
                 without = acked_in_ten_seconds(name, &rows[i], false);
        SIM_REQUIRE(with > without / 100 * 97, "%s: %" PRIu64 " bytes with it, %" PRIu64 " without", rows[i].what, with,
                    without);
    }
}

static const sim_case cases[] = {
    SIM_CASE(missing_data_ack_is_asked_for),
    SIM_CASE(data_are_sent_again_when_their_data_ack_stays_away),
    SIM_CASE(data_whose_data_ack_stays_away_go_another_way),
    SIM_CASE(host_keeps_no_more_than_a_buffer_of_what_the_peer_has),
    SIM_CASE(sequence_numbers_of_every_form_wrap),
    SIM_CASE(two_paths_are_used_together),
    SIM_CASE(two_paced_paths_are_used_together),
    SIM_CASE(zero_window_is_probed_and_recovers),
    SIM_CASE(zero_window_is_probed_and_recovers_without_mptcp),
    SIM_CASE(window_too_small_for_one_subflow_is_probed),
    SIM_CASE(window_never_shrinks),
    SIM_CASE(receive_buffer_follows_the_rate),
    SIM_CASE(send_buffer_follows_the_windows),
    SIM_CASE(send_buffer_stays_small_where_little_goes),
    SIM_CASE(send_buffer_that_grows_costs_no_goodput),
    SIM_CASE(window_probes_go_round_the_subflows),
    SIM_CASE(rest_of_a_copied_segment_survives_its_path),
};
SIM_CASES(data)
