/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_number(uint64_t *out, const char *value) {
    char *end;
    *out = strtoull(value, &end, 0);
    return end != value && *end == '\0' && *value != '-';
}

static bool set_BOOL(bool *out, const char *value) {
    *out = strcmp(value, "true") == 0;
    return *out || strcmp(value, "false") == 0;
}

static bool set_U32(uint32_t *out, const char *value) {
    uint64_t number;
    bool is_good = parse_number(&number, value) && number <= UINT32_MAX;
    *out = is_good ? (uint32_t)number : 0;
    return is_good;
}

static bool set_TIME(mpt_time *out, const char *value) {
    uint64_t number;
    bool is_good = parse_number(&number, value) && number <= INT64_MAX;
    *out = is_good ? (mpt_time)number : 0;
    return is_good;
}

static bool set_NAME(char out[MPT_NAME_BYTES], const char *value) {
    return snprintf(out, MPT_NAME_BYTES, "%s", value) < MPT_NAME_BYTES;
}

/* A NAME is an array: it is its own address. */
#define ADDRESS_BOOL(x) &(x)
#define ADDRESS_U32(x) &(x)
#define ADDRESS_TIME(x) &(x)
#define ADDRESS_NAME(x) (x)

bool core_settings_set(mpt_conn_settings *s, const char *text) {
    const char *equals = strchr(text, '=');
    size_t name_bytes = equals == NULL ? 0 : (size_t)(equals - text);
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    if (name_bytes == sizeof #name - 1 && strncmp(text, #name, name_bytes) == 0) {                                     \
        return set_##type(ADDRESS_##type(s->name), equals + 1);                                                        \
    }
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return false;
}
