/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settings.c: the settings of a flow's connections. They are written with the names that they have as Attributes of
 * ns3::MptcpSocket (delayed_ack -> DelayedAck), so that one scenario file serves both engines.
 */
#include "link.h"
#include "net.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 64 };

static bool fail(const struct scn_flow *spec, const char *key, const char *expected, const char *found) {
    fprintf(stderr, "%s:%d:%d: %s: expected %s, not \"%s\"\n", spec->mark.file, spec->mark.line, spec->mark.column, key,
            expected, found);
    return false;
}

/* The Attribute's name of a setting: its words but units, each with a capital. */
static void attribute_name(char out[NAME_BYTES], const char *setting) {
    size_t used = 0;

    if (strcmp(setting, "delayed_ack_ns") == 0)
        setting = "delayed_ack_time";
    while (*setting) {
        size_t length = strcspn(setting, "_");
        bool is_unit =
            (length == 5 && memcmp(setting, "bytes", 5) == 0) || (length == 2 && memcmp(setting, "ns", 2) == 0);

        if (!is_unit && used + length < NAME_BYTES) {
            memcpy(out + used, setting, length);
            out[used] = (char)toupper((unsigned char)out[used]);
            used += length;
        }
        setting += length + (setting[length] == '_');
    }
    out[used] = 0;
}

/* ---- Values, one function a type --------------------------------------------------------------------------- */

static bool read_BOOL(const char *text, bool *out) {
    *out = strcmp(text, "true") == 0 || strcmp(text, "1") == 0 || strcmp(text, "t") == 0;
    return *out || strcmp(text, "false") == 0 || strcmp(text, "0") == 0 || strcmp(text, "f") == 0;
}

static bool read_U32(const char *text, uint32_t *out) {
    char *end;
    unsigned long long value;

    errno = 0;
    value = strtoull(text, &end, 10);
    *out = (uint32_t)value;
    return isdigit((unsigned char)*text) && *end == 0 && errno == 0 && value <= UINT32_MAX;
}

static bool read_TIME(const char *text, mpt_time *out) {
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"", 1e9},     {"s", 1e9},    {"ms", 1e6},    {"us", 1e3},         {"ns", 1},
                 {"min", 60e9}, {"h", 3600e9}, {"d", 86400e9}, {"y", 365 * 86400e9}};
    char *end;
    double value = strtod(text, &end);

    for (size_t i = 0; end != text && isfinite(value) && i < sizeof units / sizeof *units; i++) {
        if (strcmp(end, units[i].name) == 0 && fabs(value * units[i].ns) < 9e18) {
            *out = llround(value * units[i].ns);
            return true;
        }
    }
    return false;
}

static bool read_NAME(const char *text, mpt_setting_NAME *out) {
    memset(out, 0, sizeof *out);
    if (strlen(text) >= sizeof *out)
        return false;
    memcpy(out, text, strlen(text));
    return true;
}

/* ---- Settings ---------------------------------------------------------------------------------------------- */

/* Set what @p name names. @return 1: done; 0: not a value of it; -1: there is no such setting. */
static int set(mpt_conn_settings *s, const char *name, const char *value) {
    char known[NAME_BYTES];

#define MPT_X(type, member, def, lo, hi, help)                                                                         \
    attribute_name(known, #member);                                                                                    \
    if (strcmp(known, name) == 0)                                                                                      \
        return read_##type(value, &s->member) && !mpt_conn_settings_check(s);
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return -1;
}

/* What is not of the core is refused, or set @p is_other where that is not NULL. */
static bool set_all(mpt_conn_settings *s, const struct scn_flow *spec, bool *is_other) {
    for (size_t i = 0; i < spec->settings.count; i++) {
        const char *text = spec->settings.at[i], *equals = strchr(text, '=');
        char name[NAME_BYTES] = "";

        if ((size_t)(equals - text) < sizeof name)
            memcpy(name, text, (size_t)(equals - text));
        int result = set(s, name, equals + 1);

        if (result < 0 && is_other)
            *is_other = true;
        else if (result != 1)
            return fail(spec, "settings", "name=value with a setting of the core as ns3::MptcpSocket names it", text);
    }
    return true;
}

/* The help of a setting, which lists the names that it may have. */
static const char *help_of(const char *setting) {
#define MPT_X(type, member, def, lo, hi, help)                                                                         \
    if (strcmp(setting, #member) == 0)                                                                                 \
        return help;
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return "";
}

static bool read_name(mpt_conn_settings *s, mpt_setting_NAME *out, const char *setting, const struct scn_flow *spec,
                      const char *value) {
    char expected[256];

    if (policy_is_file(value))
        return true; /* later */
    if (read_NAME(value, out) && !mpt_conn_settings_check(s))
        return true;
    snprintf(expected, sizeof expected, "one of the core's (%s)", help_of(setting));
    return fail(spec, setting, expected, value);
}

/* The name of a policy in a file, when all other settings are known: the core alone does not know it. */
static bool read_file(mpt_setting_NAME *out, enum policy_kind kind, const char *setting, const struct scn_flow *spec,
                      const char *value) {
    const char *error = "", *name = NULL;

    if (!policy_is_file(value))
        return true;
    name = plugin_load(kind, value, &error);
    if (name && read_NAME(name, out))
        return true;
    fprintf(stderr, "%s:%d:%d: %s: \"%s\": %s\n", spec->mark.file, spec->mark.line, spec->mark.column, setting, value,
            error);
    return false;
}

static bool files_of_flow(mpt_conn_settings *out, const struct scn_flow *spec) {
    return read_file(&out->congestion_control, POLICY_CONGESTION_CONTROL, "congestion_control", spec,
                     spec->congestion_control) &&
           read_file(&out->scheduler, POLICY_SCHEDULER, "scheduler", spec, spec->scheduler) &&
           read_file(&out->path_manager, POLICY_PATH_MANAGER, "path_manager", spec, spec->path_manager);
}

static bool names_of_flow(mpt_conn_settings *out, const struct scn_flow *spec) {
    mpt_settings all;

    mpt_settings_default(&all);
    *out = all.conn;
    out->mptcp = spec->protocol == SCN_MPTCP;
    return read_name(out, &out->congestion_control, "congestion_control", spec, spec->congestion_control) &&
           read_name(out, &out->scheduler, "scheduler", spec, spec->scheduler) &&
           read_name(out, &out->path_manager, "path_manager", spec, spec->path_manager);
}

/* All but its `settings'. */
static void values_of_flow(mpt_conn_settings *out, const struct scn_flow *spec) {
    out->blackhole_timeout_ns = 0; /* a flow's lost SYNs say nothing of the next flow */
    out->send_buffer_bytes = (uint32_t)spec->send_buffer_bytes;
    out->receive_buffer_bytes = (uint32_t)spec->receive_buffer_bytes;
    out->mss_bytes_max = (uint32_t)spec->mss_bytes;
}

bool settings_of_flow(mpt_conn_settings *out, const struct scn_flow *spec) {
    if (!names_of_flow(out, spec))
        return false;
    values_of_flow(out, spec);
    return set_all(out, spec, NULL) && files_of_flow(out, spec);
}

/* ---- Before any run ---------------------------------------------------------------------------------------- */

static bool is_counter(const char *name) {
#define MPT_X(counter)                                                                                                 \
    if (strcmp(name, #counter) == 0)                                                                                   \
        return true;
    MPT_COUNTERS(MPT_X)
#undef MPT_X
    return strcmp(name, "all") == 0;
}

static bool counters_are_known(const struct scenario *s) {
    for (size_t i = 0; i < s->counters.count; i++) {
        if (is_counter(s->counters.at[i]))
            continue;
        fprintf(stderr, "%s:%d:%d: counters: expected names of MIB counters, or all, not \"%s\"\n", s->mark.file,
                s->mark.line, s->mark.column, s->counters.at[i]);
        return false;
    }
    return true;
}

bool link_settings_are_known(const struct scenario *s, bool *needs_ns3) {
    *needs_ns3 = false;
    if (!counters_are_known(s))
        return false;
    for (size_t i = 0; i < s->flows.count; i++) {
        const struct scn_flow *spec = &s->flows.at[i];
        mpt_conn_settings unused;

        if (spec->protocol == SCN_NS3_TCP) {
            *needs_ns3 = true;
            continue;
        }
        if (!names_of_flow(&unused, spec))
            return false;
        values_of_flow(&unused, spec);
        if (!set_all(&unused, spec, s->engine == SCN_ENGINE_NS3 ? needs_ns3 : NULL) || !files_of_flow(&unused, spec))
            return false;
    }
    return true;
}
