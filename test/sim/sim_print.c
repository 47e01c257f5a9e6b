/* SPDX-License-Identifier: GPL-2.0-or-later */
/** A line for each segment, in the manner of tcpdump, and for each notice. */
#include <inttypes.h>

#include "sim_world.h"

static void print_endpoint(const mpt_addr *a, uint16_t port) {
    if (a->family == 4) {
        printf("%u.%u.%u.%u:%u", a->bytes[0], a->bytes[1], a->bytes[2], a->bytes[3], port);
    } else {
        printf("[%02x%02x:%x:%x::%x]:%u", a->bytes[0], a->bytes[1], a->bytes[2] << 8 | a->bytes[3],
               a->bytes[4] << 8 | a->bytes[5], a->bytes[15], port);
    }
}

static void print_dss(const mpt_wire_dss *d) {
    printf(" dss");
    if (d->has_ack) {
        printf(" ack%s %" PRIu64, d->is_ack64 ? "8" : "", d->ack);
    }
    if (d->has_map) {
        printf(" dsn%s %" PRIu64 " ssn %u len %u", d->is_dsn64 ? "8" : "", d->dsn, d->ssn, d->length);
    }
    if (d->is_data_fin) {
        printf(" fin");
    }
}

static void print_mptcp(const mpt_wire *w) {
    if (w->mptcp & 1u << MPT_MP_CAPABLE) {
        printf(" capable%s%s%s", w->capable.has_sender_key ? " key" : "", w->capable.has_receiver_key ? " key" : "",
               w->capable.has_data ? " data" : "");
    }
    if (w->mptcp & 1u << MPT_MP_JOIN) {
        printf(" join.%d id %u%s", w->join.form, w->join.address_id, w->join.is_backup ? " backup" : "");
    }
    if (w->mptcp & 1u << MPT_DSS) {
        print_dss(&w->dss);
    }
    if (w->mptcp & 1u << MPT_ADD_ADDR) {
        printf(" add_addr%s id %u", w->add_addr.is_echo ? " echo" : "", w->add_addr.id);
    }
    if (w->mptcp & 1u << MPT_REMOVE_ADDR) {
        printf(" remove_addr id %u", w->remove_addr.ids[0]);
    }
    if (w->mptcp & 1u << MPT_MP_PRIO) {
        printf(" prio%s", w->is_prio_backup ? " backup" : "");
    }
    if (w->mptcp & 1u << MPT_MP_FAIL) {
        printf(" fail %" PRIu64, w->fail_dsn);
    }
    if (w->mptcp & 1u << MPT_MP_FASTCLOSE) {
        printf(" fastclose");
    }
    if (w->mptcp & 1u << MPT_MP_TCPRST) {
        printf(" tcprst reason %u", w->tcprst.reason);
    }
}

static void print_flags(uint8_t flags) {
    static const char letters[] = "FSRP.UEC";
    for (int i = 0; i < 8; i++) {
        if (flags & 1 << i) {
            putchar(letters[i]);
        }
    }
}

void sim_print_segment(const sim_world *w, const sim_packet *p, const char *what) {
    const mpt_segment *s = &p->segment;
    mpt_wire d = {0};
    printf("%" PRId64 ".%09" PRId64 " %s link %u ", w->now / MPT_S, w->now % MPT_S, p->to == SIM_SERVER ? ">" : "<",
           p->link);
    if (mpt_wire_decode(&d, s->header, s->header_bytes) != MPT_OK) {
        printf("malformed\n");
        return;
    }
    print_endpoint(&s->source, d.source_port);
    printf(" > ");
    print_endpoint(&s->destination, d.destination_port);
    printf(" [");
    print_flags(d.flags);
    printf("] seq %u ack %u win %u len %u", d.seq, d.ack, d.window, s->payload_bytes);
    if (s->payload_bytes > 0) {
        printf(" at %" PRIu64, s->stream_offset);
    }
    if (d.has_mss) {
        printf(" mss %u", d.mss);
    }
    for (uint32_t i = 0; i < d.sack_count; i++) {
        printf(" sack %u-%u", d.sack[i].start, d.sack[i].end);
    }
    print_mptcp(&d);
    printf("%s%s\n", *what == '\0' ? "" : " ** ", what);
}

void sim_print_notice(const sim_host *h, const mpt_notice *n) {
    static const char *const names[] = {"accepted", "connected", "readable", "writable", "closed", "failed", "gone"};
    const sim_world *w = h->world;
    printf("%" PRId64 ".%09" PRId64 " %s %s%s%s\n", w->now / MPT_S, w->now % MPT_S,
           h->side == SIM_CLIENT ? "client" : "server", names[n->kind], n->kind == MPT_NOTICE_FAILED ? " " : "",
           n->kind == MPT_NOTICE_FAILED ? mpt_status_name(n->reason) : "");
}
