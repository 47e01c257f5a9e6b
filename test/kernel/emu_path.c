/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "emu_path.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ip_packet.h"
#include "sim_fail.h"
#include "tun.h"

/* ---- Description ------------------------------------------------------------------------------------------ */

static const char *const strip_names[] = {[EMU_STRIP_NONE] = "none",
                                          [EMU_STRIP_SYN] = "syn",
                                          [EMU_STRIP_SYNACK] = "synack",
                                          [EMU_STRIP_DATA] = "data",
                                          [EMU_STRIP_ALL] = "all"};

static bool parse_strip(emu_strip *out, const char *value) {
    for (size_t i = 0; i < sizeof strip_names / sizeof *strip_names; i++) {
        if (strcmp(strip_names[i], value) == 0) {
            *out = (emu_strip)i;
            return true;
        }
    }
    return false;
}

/** FIRST-LAST, counted from 1 on. */
static bool parse_lose(emu_settings *s, const char *value) {
    char end;
    return sscanf(value, "%u-%u%c", &s->lose_from, &s->lose_to, &end) == 2 && s->lose_from >= 1;
}

/** One key of a direction. @return false: no such key, or a bad value */
static bool parse_link_key(emu_settings *s, const char *key, const char *value) {
    char *end;
    double number = strtod(value, &end);
    bool is_number = end != value && *end == '\0' && number >= 0;
    if (strcmp(key, "strip") == 0) {
        return parse_strip(&s->strip, value);
    }
    if (strcmp(key, "lose") == 0) {
        return parse_lose(s, value);
    }
    if (!is_number) {
        return false;
    }
    if (strcmp(key, "rate_mbps") == 0) {
        s->rate_bps = (uint64_t)(number * 1e6);
    } else if (strcmp(key, "delay_ms") == 0) {
        s->delay_ns = (mpt_time)(number * 1e6);
    } else if (strcmp(key, "queue_packets") == 0) {
        s->queue_packets = (uint32_t)number;
        return number >= 1 && number <= EMU_QUEUE_MAX;
    } else if (strcmp(key, "loss_percent") == 0) {
        s->loss_ppm = (uint32_t)(number * 1e4);
    } else if (strcmp(key, "reorder_percent") == 0) {
        s->reorder_ppm = (uint32_t)(number * 1e4);
    } else if (strcmp(key, "reorder_ms") == 0) {
        s->reorder_ns = (mpt_time)(number * 1e6);
    } else if (strcmp(key, "badsum") == 0) {
        s->badsum_nth = (uint32_t)number;
    } else {
        return false;
    }
    return true;
}

/** The rest: `to.KEY' and `from.KEY' say one direction (to the kernel, from it), a bare KEY says both. */
static bool parse_key(emu_path *p, const char *key, const char *value) {
    if (strcmp(key, "device") == 0) {
        snprintf(p->device, sizeof p->device, "%s", value);
        return true;
    }
    if (strcmp(key, "core") == 0 || strcmp(key, "kernel") == 0) {
        mpt_addr a = ip_address(value);
        *(key[0] == 'c' ? &p->core : &p->kernel) = a;
        return a.family != 0;
    }
    if (strncmp(key, "to.", 3) == 0) {
        return parse_link_key(&p->link[EMU_TO_KERNEL].settings, key + 3, value);
    }
    if (strncmp(key, "from.", 5) == 0) {
        return parse_link_key(&p->link[EMU_FROM_KERNEL].settings, key + 5, value);
    }
    return parse_link_key(&p->link[EMU_TO_KERNEL].settings, key, value) &&
           parse_link_key(&p->link[EMU_FROM_KERNEL].settings, key, value);
}

static bool parse_flag(emu_path *p, const char *key) {
    if (strcmp(key, "backup") == 0) {
        p->is_backup = true;
    } else if (strcmp(key, "signal") == 0) {
        p->is_signal = true;
    } else if (strcmp(key, "nosubflow") == 0) {
        p->no_subflow = true;
    } else if (strcmp(key, "acks_pass") == 0) {
        p->link[0].settings.acks_pass = p->link[1].settings.acks_pass = true;
    } else if (strcmp(key, "later") == 0) {
        p->is_later = true;
    } else {
        return false;
    }
    return true;
}

const char *emu_path_parse(emu_path *p, char *text) {
    enum { MTU_BYTES = 1500, QUEUE_PACKETS = 50 };
    *p = (emu_path){.mtu_bytes = MTU_BYTES, .fd = -1};
    p->link[0].settings.queue_packets = p->link[1].settings.queue_packets = QUEUE_PACKETS;
    char *rest = NULL;
    for (char *key = strtok_r(text, ",", &rest); key != NULL; key = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(key, '=');
        if (value != NULL) {
            *value++ = '\0';
        }
        if (value != NULL ? !parse_key(p, key, value) : !parse_flag(p, key)) {
            return key;
        }
    }
    return p->device[0] == '\0' ? "device is missing" : NULL;
}

/* ---- Traffic ---------------------------------------------------------------------------------------------- */

void emu_path_open(emu_path *p, const char *netns, uint64_t seed) {
    p->fd = tun_open(netns, p->device);
    for (uint32_t i = 0; i < 2; i++) {
        p->link[i].rng.state = seed * 2 + i;
    }
}

void emu_path_read(emu_path *p, mpt_time now) {
    static uint8_t packet[TUN_PACKET_BYTES_MAX];
    for (uint32_t bytes; (bytes = tun_read(p->fd, packet)) > 0;) {
        mpt_segment s;
        if (ip_parse(&s, packet, bytes)) { /* not the kernel's router solicitations and such */
            emu_link_put(&p->link[EMU_FROM_KERNEL], packet, bytes, now);
        }
    }
}

void emu_path_write(emu_path *p, mpt_time now) {
    for (emu_packet *packet; (packet = emu_link_take(&p->link[EMU_TO_KERNEL], now)) != NULL; free(packet)) {
        SIM_REQUIRE(tun_write(p->fd, packet->data, packet->bytes), "the kernel does not take a packet of %u bytes",
                    packet->bytes);
    }
}

void emu_path_break(emu_path *p) {
    p->link[0].is_broken = p->link[1].is_broken = true;
}

void emu_path_mend(emu_path *p, mpt_time now) {
    for (int i = 0; i < 2; i++) {
        p->link[i].is_broken = false;
        p->link[i].mended_at = now;
    }
}

mpt_time emu_path_due(const emu_path *p) {
    mpt_time to = emu_link_due(&p->link[EMU_TO_KERNEL]), from = emu_link_due(&p->link[EMU_FROM_KERNEL]);
    return to < from ? to : from;
}

void emu_path_print(const emu_path *p, uint32_t number) {
    static const char *const names[2] = {"to", "from"};
    for (int i = 0; i < 2; i++) {
        const emu_link *l = &p->link[i];
        printf(" path%u_%s_bytes=%" PRIu64 " path%u_%s_lost=%" PRIu64 " path%u_%s_queue_drops=%" PRIu64, number,
               names[i], l->payload_bytes, number, names[i], l->dropped_loss, number, names[i], l->dropped_queue);
        if (l->back_after_ns > 0) {
            printf(" path%u_%s_back_ms=%.0f", number, names[i], (double)l->back_after_ns / (double)MPT_MS);
        }
    }
}

uint64_t emu_path_late_permille(const emu_path *paths, uint32_t count) {
    uint64_t packets = 0, late = 0;
    for (uint32_t i = 0; i < count * 2; i++) {
        packets += paths[i / 2].link[i % 2].packets;
        late += paths[i / 2].link[i % 2].late_packets;
    }
    return packets == 0 ? 0 : late * 1000 / packets;
}

void emu_path_close(emu_path *p) {
    emu_link_clear(&p->link[0]);
    emu_link_clear(&p->link[1]);
    close(p->fd);
}
