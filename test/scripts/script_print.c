/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_print.c: a segment as one line. Says everything that a script can say of it, for lines are what is compared.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "script_peer.h"

typedef struct line {
    char *text;
    size_t length, room;
} line;

__attribute__((format(printf, 2, 3))) static void add(line *l, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(l->text + l->length, l->room - l->length, format, arguments);
    va_end(arguments);
    if (n > 0)
        l->length += (size_t)n < l->room - l->length ? (size_t)n : l->room - l->length - 1;
}

static void add_flags(line *l, uint8_t flags) {
    static const char letters[] = "FSRP.UEW";
    for (int i = 0; i < 8; i++)
        if (flags & 1 << i)
            add(l, "%c", letters[i]);
}

static void add_plain_options(line *l, const script_segment *s) {
    if (s->has_mss)
        add(l, " mss %u", s->mss);
    if (s->is_sack_permitted)
        add(l, " sackOK");
    if (s->has_wscale)
        add(l, " wscale %u", s->wscale);
    if (s->has_ts)
        add(l, " ts %u:%u", s->ts, s->ts_echo);
    for (uint32_t i = 0; i < s->sack_count; i++)
        add(l, " %s%" PRIu64 "-%" PRIu64, i == 0 ? "sack " : "", s->sack[i][0], s->sack[i][1]);
}

static void add_capable(line *l, const script_capable *o) {
    if (!o->is_present)
        return;
    add(l, " mp_capable v%u flags %02x keys %u", o->version, o->flags, o->keys);
    if (o->has_data)
        add(l, " data %u", o->data);
    add(l, "%s%s", o->has_sum ? " sum" : "", o->forged ? " FORGED" : "");
}

static void add_join(line *l, const script_join *o) {
    static const char *const forms[] = {"syn", "synack", "ack"};
    if (!o->is_present)
        return;
    add(l, " mp_join %s", forms[o->form]);
    if (o->form != MPT_JOIN_ACK)
        add(l, " id %u%s", o->id, o->is_backup ? " backup" : "");
    add(l, "%s", o->forged ? " FORGED" : "");
}

static void add_dss(line *l, const script_dss *o) {
    if (!o->is_present)
        return;
    add(l, " dss");
    if (o->ack > 0)
        add(l, " ack%s %" PRIu64, o->is_ack64 ? "64" : "", o->ack);
    if (o->has_map)
        add(l, " dsn%s %" PRIu64 " ssn %u len %u", o->is_dsn32 ? "32" : "", o->dsn, o->ssn, o->length);
    add(l, "%s%s%s", o->has_sum ? " sum" : "", o->fin ? " data_fin" : "", o->forged ? " FORGED" : "");
}

static void add_addresses(line *l, const script_segment *s) {
    const script_add_addr *a = &s->add_addr;
    if (a->is_present) {
        add(l, " add_addr%s id %u addr %u", a->is_v0 ? " v0" : a->is_echo ? " echo" : "", a->id, a->addr);
        if (a->port != 0)
            add(l, " port %u", a->port);
        add(l, "%s", a->forged ? " FORGED" : "");
    }
    for (uint32_t i = 0; i < s->remove_addr.count; i++)
        add(l, "%s%u", i == 0 ? " remove_addr " : ",", s->remove_addr.ids[i]);
}

static void add_rare(line *l, const script_segment *s) {
    if (s->prio.is_present)
        add(l, " mp_prio%s", s->prio.is_backup ? " backup" : "");
    if (s->fail.is_present)
        add(l, " mp_fail %" PRIu64, s->fail.dsn);
    if (s->fastclose.is_present)
        add(l, " mp_fastclose%s", s->fastclose.forged ? " FORGED" : "");
    if (s->tcprst.is_present)
        add(l, " mp_tcprst flags %x reason %u", s->tcprst.flags, s->tcprst.reason);
    if (s->raw)
        add(l, " raw %s", s->raw);
}

void script_segment_print(const script_segment *s, char *out, size_t out_bytes) {
    line l = {out, 0, out_bytes};
    add(&l, "#%u ", s->on);
    add_flags(&l, s->flags);
    add(&l, " %" PRIu64, s->seq);
    if (s->length > 0)
        add(&l, ":%" PRIu64 "(%u)", s->seq + s->length, s->length);
    if ((s->flags & MPT_ACK) || s->ack > 0)
        add(&l, " ack %" PRIu64, s->ack);
    if (s->win != SCRIPT_ANY)
        add(&l, " win %d", s->win);
    if (s->ecn != 0)
        add(&l, " ecn %u", s->ecn);
    add_plain_options(&l, s);
    add_capable(&l, &s->capable);
    add_join(&l, &s->join);
    add_dss(&l, &s->dss);
    add_addresses(&l, s);
    add_rare(&l, s);
    if (s->is_content_wrong)
        add(&l, " WRONG CONTENT");
    if (s->flags & MPT_SYN)
        add(&l, " local %u peer %u", s->local, s->peer);
}
