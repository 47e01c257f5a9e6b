/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_settings.c: defaults of the settings, from the list in mpt.h. */
#include <string.h>

#include "mpt.h"

#define SET_BOOL(field, def) field = def
#define SET_U32(field, def) field = def
#define SET_TIME(field, def) field = INT64_C(def)
#define SET_NAME(field, def) memcpy(field, def, sizeof def)

void mpt_settings_default(mpt_settings *s) {
    memset(s, 0, sizeof *s);
    s->seed = 1;
    s->connections_max = 65536;
    s->half_open_max = 1024;
    s->challenge_acks_per_s = 1000;
#define MPT_X(type, name, def, lo, hi, help) SET_##type(s->conn.name, def);
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
}
