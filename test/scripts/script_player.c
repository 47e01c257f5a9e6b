/* SPDX-License-Identifier: GPL-2.0-or-later */
/* script_player.c: see script.h for what the steps mean and script_host.h for what is played on. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "script_peer.h"

enum { LINE_BYTES = 512, TOLD_BYTES = 16384 };

typedef struct player {
    const script *script;
    const char *file;
    const script_step *step;
    const script_host *host;
    bool is_verbose, has_failed;
    script_peer peer;
    bool is_waiting; /**< a segment was sent that no step has looked at */
    script_packet waiting;
    char log[TOLD_BYTES]; /**< what happened so far, for a failure */
    size_t log_bytes;
} player;

/* ---- Saying -------------------------------------------------------------------------------------------------- */

static mpt_time now_of(const player *p) {
    return p->host->now(p->host->user);
}

static void note(player *p, const char *arrow, const char *text) {
    char entry[LINE_BYTES + 64];
    mpt_time now = now_of(p);
    int n = snprintf(entry, sizeof entry, "    %4" PRId64 ".%06" PRId64 " %s %s\n", now / MPT_S, now % MPT_S / MPT_US,
                     arrow, text);
    if (p->is_verbose)
        fputs(entry, stdout);
    if (n > 0 && p->log_bytes + (size_t)n < sizeof p->log) {
        memcpy(p->log + p->log_bytes, entry, (size_t)n + 1);
        p->log_bytes += (size_t)n;
    }
}

__attribute__((format(printf, 2, 3))) static void fail(player *p, const char *format, ...) {
    va_list arguments;
    mpt_time now = now_of(p);
    if (p->has_failed)
        return;
    p->has_failed = true;
    const char *file = strncmp(p->file, "../", 3) == 0 ? p->file + 3 : p->file; /* compilers run in build/ */
    printf("FAILED   %s\n  %s:%d: at %" PRId64 ".%09" PRId64 " s: ", p->script->name, file, p->step->line, now / MPT_S,
           now % MPT_S);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("%s%s", p->is_verbose ? "\n" : "\n  before that:\n", p->is_verbose ? "" : p->log);
}

/* ---- Segments of the stack ----------------------------------------------------------------------------------- */

static bool is_sent(player *p) {
    if (!p->is_waiting)
        p->is_waiting = p->host->sent(p->host->user, &p->waiting);
    return p->is_waiting;
}

static void fail_with_sent(player *p, const script_segment *expected) {
    char line[LINE_BYTES], wanted[LINE_BYTES] = "nothing";
    script_segment actual, hint = {.on = SCRIPT_FLOWS - 1, .at = SCRIPT_ANY};
    const char *error = script_peer_read(&p->peer, &p->waiting, expected ? expected : &hint, now_of(p), &actual);
    if (expected)
        script_segment_print(expected, wanted, sizeof wanted);
    if (!error)
        script_segment_print(&actual, line, sizeof line);
    fail(p, "\n    expected: %s\n    sent:     %s", wanted, error ? error : line);
}

/** Everything that was sent must have been expected. */
static bool nothing_waits(player *p) {
    if (is_sent(p))
        fail_with_sent(p, NULL);
    return !p->has_failed;
}

static void expect_segment(player *p) {
    char wanted[LINE_BYTES], line[LINE_BYTES];
    script_segment expected = p->step->segment, actual;
    if (!is_sent(p)) {
        script_segment_print(&expected, wanted, sizeof wanted);
        fail(p, "\n    expected: %s\n    sent:     nothing", wanted);
        return;
    }
    const char *error = script_peer_read(&p->peer, &p->waiting, &expected, now_of(p), &actual);
    if (error) {
        fail_with_sent(p, &expected);
        return;
    }
    if (expected.win == SCRIPT_ANY)
        actual.win = SCRIPT_ANY;
    script_segment_print(&expected, wanted, sizeof wanted);
    script_segment_print(&actual, line, sizeof line);
    if (strcmp(wanted, line) != 0)
        fail(p, "\n    expected: %s\n    sent:     %s", wanted, line);
    note(p, "<", line);
    p->is_waiting = false;
}

/* ---- Time ---------------------------------------------------------------------------------------------------- */

static mpt_time time_of(const player *p) {
    return p->step->time + (p->step->is_relative ? now_of(p) : 0);
}

/** Time passes until @p until, or until something is sent. */
static void pass(player *p, mpt_time until) {
    if (until < now_of(p))
        fail(p, "the script's time goes back");
    while (!p->has_failed && !is_sent(p) && now_of(p) < until)
        p->host->advance(p->host->user, until);
}

static void at(player *p) {
    mpt_time until = time_of(p);
    if (!nothing_waits(p))
        return;
    pass(p, until);
    if (is_sent(p) && (now_of(p) < until || p->step->kind == SCRIPT_QUIET))
        fail_with_sent(p, NULL);
}

static void expect_segment_at(player *p) {
    mpt_time until = time_of(p);
    if (!nothing_waits(p))
        return;
    pass(p, until);
    if (is_sent(p) && now_of(p) < until)
        fail_with_sent(p, &p->step->segment);
    else
        expect_segment(p);
}

/* ---- Inputs -------------------------------------------------------------------------------------------------- */

static void receive(player *p) {
    char line[LINE_BYTES];
    script_packet packet;
    if (!nothing_waits(p))
        return;
    const char *error = script_peer_build(&p->peer, &p->step->segment, &packet);
    script_segment_print(&p->step->segment, line, sizeof line);
    note(p, ">", line);
    if (error)
        fail(p, "impossible segment: %s", error);
    else
        p->host->deliver(p->host->user, &packet);
}

static void expect_ok(player *p, const char *error) {
    if (error)
        fail(p, "%s", error);
}

static void call(player *p) {
    const script_step *s = p->step;
    const script_host *h = p->host;
    uint64_t bytes = (uint64_t)s->number, read_bytes;
    if (!nothing_waits(p))
        return;
    switch (s->kind) {
    case SCRIPT_SETTING:
        if (!h->set(h->user, s->name, s->number, s->text))
            fail(p, "no setting %s", s->name);
        return;
    case SCRIPT_ADDRESS_UP: expect_ok(p, h->address_up(h->user, (uint32_t)s->number, &s->address)); return;
    case SCRIPT_ADDRESS_DOWN: h->address_down(h->user, (uint32_t)s->number); return;
    case SCRIPT_ADDRESS_BACKUP: h->address_backup(h->user, (uint32_t)s->number, s->address.is_backup); return;
    case SCRIPT_CONNECT: expect_ok(p, h->connect(h->user)); return;
    case SCRIPT_LISTEN: expect_ok(p, h->listen(h->user)); return;
    case SCRIPT_WRITE: expect_ok(p, h->write(h->user, bytes)); return;
    case SCRIPT_READ:
        read_bytes = h->read(h->user, bytes);
        if (read_bytes != bytes)
            fail(p, "%" PRIu64 " bytes could be read and were right, not %" PRIu64, read_bytes, bytes);
        return;
    case SCRIPT_SHUTDOWN: h->shutdown(h->user); return;
    case SCRIPT_ABORT: h->abort(h->user); return;
    case SCRIPT_RELEASE: h->release(h->user); return;
    case SCRIPT_NEEDS_PAYLOAD:
    case SCRIPT_AT:
    case SCRIPT_QUIET:
    case SCRIPT_IN:
    case SCRIPT_OUT:
    case SCRIPT_OUT_AT:
    case SCRIPT_NOTICE:
    case SCRIPT_NO_NOTICE:
    case SCRIPT_FAILED:
    case SCRIPT_COUNTER:
    case SCRIPT_READABLE: return;
    }
}

/* ---- Questions ----------------------------------------------------------------------------------------------- */

static bool *flag_of(script_told *told, mpt_notice_kind kind) {
    switch (kind) {
    case MPT_NOTICE_ACCEPTED: return &told->accepted;
    case MPT_NOTICE_CONNECTED: return &told->connected;
    case MPT_NOTICE_READABLE: return &told->readable;
    case MPT_NOTICE_WRITABLE: return &told->writable;
    case MPT_NOTICE_CLOSED: return &told->closed;
    case MPT_NOTICE_FAILED: return &told->failed;
    case MPT_NOTICE_GONE: return &told->gone;
    }
    return NULL;
}

static void ask_notice(player *p) {
    static const char *const names[] = {"ACCEPTED", "CONNECTED", "READABLE", "WRITABLE", "CLOSED", "FAILED", "GONE"};
    script_told *told = p->host->told, untold = p->host->untold;
    mpt_notice_kind kind = p->step->kind == SCRIPT_FAILED ? MPT_NOTICE_FAILED : (mpt_notice_kind)p->step->number;
    const char *reason = p->step->kind == SCRIPT_FAILED ? mpt_status_name((mpt_status)p->step->number) : NULL;
    bool is_wanted = p->step->kind != SCRIPT_NO_NOTICE, *flag = flag_of(told, kind);
    if (*flag_of(&untold, kind))
        return;
    if (*flag != is_wanted)
        fail(p, "the application was %s %s", is_wanted ? "not told" : "told", names[kind]);
    else if (p->step->kind == SCRIPT_FAILED && told->reason && strcmp(told->reason, reason) != 0)
        fail(p, "failed for %s, not %s", told->reason, reason);
    *flag = false;
}

static void ask_counter(player *p) {
    uint64_t value;
    if (!p->host->counter(p->host->user, p->step->name, &value))
        fail(p, "no counter %s", p->step->name);
    else if (value != (uint64_t)p->step->number)
        fail(p, "%s is %" PRIu64 ", not %" PRId64, p->step->name, value, p->step->number);
}

static void ask_readable(player *p) {
    uint64_t bytes = p->host->readable(p->host->user);
    if (bytes != (uint64_t)p->step->number)
        fail(p, "%" PRIu64 " bytes can be read, not %" PRId64, bytes, p->step->number);
}

/* ---- Playing ------------------------------------------------------------------------------------------------- */

static void play_step(player *p) {
    switch (p->step->kind) {
    case SCRIPT_SETTING:
    case SCRIPT_ADDRESS_UP:
    case SCRIPT_ADDRESS_DOWN:
    case SCRIPT_ADDRESS_BACKUP:
    case SCRIPT_CONNECT:
    case SCRIPT_LISTEN:
    case SCRIPT_WRITE:
    case SCRIPT_READ:
    case SCRIPT_SHUTDOWN:
    case SCRIPT_ABORT:
    case SCRIPT_RELEASE: call(p); break;
    case SCRIPT_NEEDS_PAYLOAD: break;
    case SCRIPT_AT:
    case SCRIPT_QUIET: at(p); break;
    case SCRIPT_IN: receive(p); break;
    case SCRIPT_OUT: expect_segment(p); break;
    case SCRIPT_OUT_AT: expect_segment_at(p); break;
    case SCRIPT_NOTICE:
    case SCRIPT_NO_NOTICE:
    case SCRIPT_FAILED: ask_notice(p); break;
    case SCRIPT_COUNTER: ask_counter(p); break;
    case SCRIPT_READABLE: ask_readable(p); break;
    }
    if (!p->has_failed && !p->is_waiting)
        p->host->advance(p->host->user, now_of(p)); /* what the step caused at this time */
}

bool script_play(const script *s, const char *file, const script_host *host, bool is_verbose) {
    static const char *const off[] = {"timestamps", "rack", "tail_loss_probe"}; /* until a script sets them */
    player p = {.script = s, .file = file, .host = host, .is_verbose = is_verbose};
    script_peer_init(&p.peer);
    for (uint32_t i = 0; i < sizeof off / sizeof *off; i++)
        host->set(host->user, off[i], 0, NULL);
    for (uint32_t i = 0; i < s->step_count && !p.has_failed; i++) {
        p.step = &s->steps[i];
        play_step(&p);
    }
    if (!p.has_failed)
        nothing_waits(&p);
    return !p.has_failed;
}
