/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_tcp.h"

#include <string.h>

enum { PROTOCOL_TCP = 6 };

uint16_t mbx_get16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t mbx_get32(const uint8_t *p) {
    return (uint32_t)mbx_get16(p) << 16 | mbx_get16(p + 2);
}

void mbx_put16(uint8_t *p, uint16_t value) {
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

void mbx_put32(uint8_t *p, uint32_t value) {
    mbx_put16(p, (uint16_t)(value >> 16));
    mbx_put16(p + 2, (uint16_t)value);
}

bool mbx_tcp_read(mbx_tcp *t, const uint8_t *bytes, size_t byte_count) {
    if (byte_count < MBX_TCP_BYTES_MIN)
        return false;
    t->count = (uint8_t)((bytes[MBX_AT_LENGTH] >> 4) * 4);
    if (t->count < MBX_TCP_BYTES_MIN || t->count > byte_count)
        return false;
    memcpy(t->bytes, bytes, t->count);
    return true;
}

/* ---- Options ---- */

bool mbx_option_next(const mbx_tcp *t, mbx_option *option) {
    uint32_t at = option->at ? (uint32_t)option->at + option->bytes : MBX_TCP_BYTES_MIN;

    while (at < t->count && t->bytes[at] == MBX_OPTION_NOP)
        at++;
    if (at + 1 >= t->count || t->bytes[at] == MBX_OPTION_END || t->bytes[at + 1] < 2 ||
        at + t->bytes[at + 1] > t->count)
        return false;
    *option = (mbx_option){t->bytes[at], (uint8_t)at, t->bytes[at + 1]};
    return true;
}

static bool is_kind(const mbx_tcp *t, const mbx_option *option, uint8_t kind, int subtype) {
    if (option->kind != kind)
        return false;
    return subtype == MBX_ANY_SUBTYPE || (option->bytes > 2 && t->bytes[option->at + 2] >> 4 == subtype);
}

bool mbx_option_find(const mbx_tcp *t, uint8_t kind, int subtype) {
    mbx_option option = {0};

    while (mbx_option_next(t, &option))
        if (is_kind(t, &option, kind, subtype))
            return true;
    return false;
}

uint32_t mbx_option_remove(mbx_tcp *t, uint8_t kind, int subtype) {
    mbx_option option = {0};
    uint32_t count = 0;

    while (mbx_option_next(t, &option)) {
        if (!is_kind(t, &option, kind, subtype))
            continue;
        memset(t->bytes + option.at, MBX_OPTION_NOP, option.bytes);
        count++;
    }
    return count;
}

bool mbx_options_equal(const mbx_tcp *a, const mbx_tcp *b) {
    return a->count == b->count &&
           memcmp(a->bytes + MBX_TCP_BYTES_MIN, b->bytes + MBX_TCP_BYTES_MIN, a->count - MBX_TCP_BYTES_MIN) == 0;
}

void mbx_options_clear(mbx_tcp *t) {
    t->count = MBX_TCP_BYTES_MIN;
    t->bytes[MBX_AT_LENGTH] = (uint8_t)(MBX_TCP_BYTES_MIN / 4 << 4 | (t->bytes[MBX_AT_LENGTH] & 0x0f));
}

uint32_t mbx_sack_edges(const mbx_tcp *t, uint8_t at[MBX_SACK_EDGES_MAX]) {
    mbx_option option = {0};
    uint32_t count = 0;

    while (mbx_option_next(t, &option))
        for (uint32_t i = 2; option.kind == MBX_OPTION_SACK && i + 4 <= option.bytes && count < MBX_SACK_EDGES_MAX;
             i += 4)
            at[count++] = (uint8_t)(option.at + i);
    return count;
}

/* ---- Checksum (RFC 9293 3.1, RFC 8200 8.1) ---- */

static uint32_t sum_of(const uint8_t *bytes, uint32_t byte_count) {
    uint32_t sum = 0;

    for (uint32_t i = 0; i + 1 < byte_count; i += 2)
        sum += mbx_get16(bytes + i);
    if (byte_count % 2)
        sum += (uint32_t)bytes[byte_count - 1] << 8;
    return sum;
}

void mbx_tcp_seal(mbx_tcp *t, const uint8_t *source, const uint8_t *destination, uint32_t address_bytes,
                  const uint8_t *payload, uint32_t payload_bytes) {
    uint32_t sum;

    mbx_put16(t->bytes + MBX_AT_CHECKSUM, 0);
    sum = sum_of(source, address_bytes) + sum_of(destination, address_bytes) + PROTOCOL_TCP + t->count + payload_bytes;
    sum += sum_of(t->bytes, t->count) + sum_of(payload, payload_bytes);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    mbx_put16(t->bytes + MBX_AT_CHECKSUM, (uint16_t)~sum);
}

/* ---- Numbers ---- */

int64_t mbx_distance(uint32_t number, uint32_t zero, int64_t near) {
    return near + (int32_t)(number - zero - (uint32_t)near);
}
