/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "plot_request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "report.h"
#include "settings.h"

#define OPTION_FIRST 1000
#define OPTION_WHERE (OPTION_FIRST + PLOT_KEYS)

static const char *const kinds[KINDS] = {"lines", "dots",       "bars", "box",    "cdf",
                                         "heat",  "difference", "time", "scatter"};

typedef enum { TEXT, KIND_NAME, YES_NO, NUMBER, RANGE, ONE_OF } value_type;

static const struct {
    const char *name, *argument, *about;
    value_type type;
    const char *allowed; /* of ONE_OF: words with blanks around; a list may hold several where is_list */
    bool is_list;
} keys[PLOT_KEYS] = {
    [PLOT_KIND] = {"kind", "KIND", "lines (default), dots, bars, box, cdf, heat, difference, time or scatter",
                   KIND_NAME, NULL, false},
    [PLOT_X] = {"x", "KEY", "Axis of the sweep along x; scatter: a metric", TEXT, NULL, false},
    [PLOT_Y] = {"y", "METRIC,...", "Metric along y (heat: the colour; time: the sampled series); several make panels",
                TEXT, NULL, true},
    [PLOT_SERIES] = {"series", "KEY,...",
                     "A curve for each value of this axis, or of flow, path or entity (heat: along y)", TEXT, NULL,
                     true},
    [PLOT_PANEL] = {"panel", "KEY,...", "A panel for each value", TEXT, NULL, true},
    [PLOT_ENTITY] = {"entity", "PATTERN", "Only what is measured of this, such as flow:download or 'flow:* path:wifi'",
                     TEXT, NULL, false},
    [PLOT_COMBINE] = {"combine", "HOW", "One number of several entities of a run: sum, mean, min, max or jain", ONE_OF,
                      " sum mean min max jain ", false},
    [PLOT_POOL] = {"pool", "KEY,...", "Runs that differ on this axis count as one group; may be repeated", TEXT, NULL,
                   true},
    [PLOT_BASELINE] = {"baseline", "KEY=VALUE", "difference: from the run of the same seed with this value", TEXT, NULL,
                       false},
    [PLOT_RATIO] = {"ratio", NULL, "difference: the quotient in place of the difference", YES_NO, NULL, false},
    [PLOT_INTERVAL] = {"interval", "HOW", "auto (default), t, bootstrap, wilson or none", ONE_OF,
                       " auto t bootstrap wilson none ", false},
    [PLOT_REFERENCE] = {"reference", "NAME", "Draw what reference/NAME.csv says about the metric", TEXT, NULL, false},
    [PLOT_LOG] = {"log", "AXES", "Logarithmic axes: x, y, or both as x,y; none forbids it", ONE_OF, " x y none ", true},
    [PLOT_ZERO] = {"zero", "YES|NO", "Whether y starts at 0 (default: yes)", YES_NO, NULL, false},
    [PLOT_X_RANGE] = {"x-range", "LOW:HIGH", "Ends of the x axis; either may be left out", RANGE, NULL, false},
    [PLOT_Y_RANGE] = {"y-range", "LOW:HIGH", "Ends of the y axis", RANGE, NULL, false},
    [PLOT_X_TITLE] = {"x-title", "TEXT", "Title of the x axis", TEXT, NULL, false},
    [PLOT_Y_TITLE] = {"y-title", "TEXT", "Title of the y axis", TEXT, NULL, false},
    [PLOT_BIN] = {"bin", "SECONDS", "time: average over this time (default: about a hundredth of the whole)", NUMBER,
                  NULL, false},
    [PLOT_RUNS] = {"runs", NULL, "time: each run by itself, in place of mean and interval", YES_NO, NULL, false},
    [PLOT_SEED] = {"seed", "N", "Only runs of this seed", NUMBER, NULL, false},
    [PLOT_SHADE] = {"shade", "SERIES",
                    "time: grey where this sampled series is below 0.5, such as 'in_range path:wifi'", TEXT, NULL,
                    false},
    [PLOT_WIDTH] = {"width", "WIDTH", "one (column, 8.9 cm; default) or two", ONE_OF, " one two ", false},
    [PLOT_COLUMNS] = {"columns", "N", "Panels in a row", NUMBER, NULL, false},
    [PLOT_FORMAT] = {"format", "NAME,...", "pdf, svg, png, tex (default: pdf,svg,png)", ONE_OF, " pdf svg png tex ",
                     true},
    [PLOT_STYLE] = {"style", "FILE", "Names, looks and order besides those of style/default.yaml", TEXT, NULL, false},
    [PLOT_NAME] = {"name", "NAME", "Name of the files (default: made from kind, y, x and series)", TEXT, NULL, false},
    [PLOT_ABOUT] = {"about", "TEXT", "What the figure shows: the first sentence of its caption", TEXT, NULL, false},
    [PLOT_CAMPAIGN] = {"campaign", "NAME", "Campaign to read, if the database holds several", TEXT, NULL, false},
};

bool plot_request_where(plot_request *r, const char *text) {
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || r->wheres == PLOT_WHERE_MAX)
        return false;
    r->where[r->wheres].key = strndup(text, (size_t)(equals - text));
    r->where[r->wheres++].value = memory_text(equals + 1);
    return true;
}

static bool is_number(const char *text) {
    char *end;
    double value = strtod(text, &end);
    return *text != '\0' && *end == '\0' && isfinite(value) && value >= 0.0;
}

/* A side of LOW:HIGH: empty, or a number. */
static bool is_side(const char *text, size_t length) {
    char *copy = strndup(text, length), *end;
    double value = strtod(copy, &end);
    bool is = length == 0 || (*end == '\0' && isfinite(value));
    free(copy);
    return is;
}

static bool is_range(const char *text) {
    const char *colon = strchr(text, ':');
    return colon != NULL && is_side(text, (size_t)(colon - text)) && is_side(colon + 1, strlen(colon + 1));
}

static bool are_words(const char *text, const char *allowed, bool is_list) {
    char *copy = memory_text(text), *rest = copy;
    bool are = is_list || strchr(text, ',') == NULL;
    for (char *word; (word = strsep(&rest, ",")) != NULL;) {
        char *spaced = memory_format(" %s ", word);
        are &= strstr(allowed, spaced) != NULL;
        free(spaced);
    }
    free(copy);
    return are;
}

static int kind_of(const char *text) {
    for (int i = 0; i < KINDS; i++)
        if (strcmp(kinds[i], text) == 0)
            return i;
    return -1;
}

const char *plot_request_set(plot_request *r, plot_key key, const char *text) {
    switch (keys[key].type) {
    case TEXT:
        if (text[0] == '\0')
            return "expected a text";
        break;
    case KIND_NAME:
        if (kind_of(text) < 0)
            return "expected lines, dots, bars, box, cdf, heat, difference, time or scatter";
        break;
    case YES_NO:
        if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
            return "expected yes or no";
        break;
    case NUMBER:
        if (!is_number(text))
            return "expected a number of at least 0";
        break;
    case RANGE:
        if (!is_range(text))
            return "expected LOW:HIGH";
        break;
    case ONE_OF:
        if (!are_words(text, keys[key].allowed, keys[key].is_list))
            return keys[key].about;
        break;
    }
    free(r->text[key]);
    r->text[key] = memory_text(text);
    return NULL;
}

static void set_where(plot_request *r, const struct doc_node *member) {
    if (member->kind != DOC_MAPPING)
        settings_fail(member, "expected lines of KEY: VALUE");
    for (const struct doc_node *i = member->child; i != NULL; i = i->next) {
        char *text = memory_format("%s=%s", i->key, settings_text(i));
        if (!plot_request_where(r, text))
            settings_fail(i, "expected at most 16 lines of KEY: VALUE");
        free(text);
    }
}

/* A single value, or the values of a list with commas between. */
static char *joined_values(const struct doc_node *member, bool is_list) {
    if (member->kind != DOC_SEQUENCE || !is_list)
        return memory_text(settings_text(member));
    char *text = memory_text("");
    for (const struct doc_node *i = member->child; i != NULL; i = i->next)
        memory_append(&text, "%s%s", i != member->child ? "," : "", settings_text(i));
    return text;
}

static void set_entry(plot_request *r, const struct doc_node *member) {
    if (strcmp(member->key, "where") == 0) {
        set_where(r, member);
        return;
    }
    for (plot_key key = 0; key < PLOT_KEYS; key++) {
        if (strcmp(keys[key].name, member->key) != 0)
            continue;
        char *text = joined_values(member, keys[key].is_list);
        const char *expected = plot_request_set(r, key, text);
        if (expected != NULL)
            settings_fail(member, expected);
        free(text);
        return;
    }
    settings_fail(member, "unknown key; the keys are the options of 'mptcp-figures plot'");
}

plot_request plot_request_read(const char *path) {
    plot_request r = {0};
    struct scn_arena arena = {0};
    for (const struct doc_node *i = settings_read(path, &arena)->child; i != NULL; i = i->next)
        set_entry(&r, i);
    scn_arena_free(&arena);
    return r;
}

void plot_request_free(plot_request *r) {
    for (size_t i = 0; i < PLOT_KEYS; i++)
        free(r->text[i]);
    for (size_t i = 0; i < r->wheres; i++) {
        free(r->where[i].key);
        free(r->where[i].value);
    }
    *r = (plot_request){0};
}

static void copy_filters(plot_request *to, const plot_request *from) {
    for (size_t i = 0; i < from->wheres; i++) {
        size_t k = 0;
        while (k < to->wheres && strcmp(to->where[k].key, from->where[i].key) != 0)
            k++;
        if (k == PLOT_WHERE_MAX)
            report_fatal(EXIT_USAGE, "--where: at most %d", PLOT_WHERE_MAX);
        if (k == to->wheres)
            to->where[to->wheres++] = (store_filter){memory_text(from->where[i].key), NULL};
        free(to->where[k].value);
        to->where[k].value = memory_text(from->where[i].value);
    }
}

plot_request plot_request_merged(const plot_request *r, const plot_request *over) {
    plot_request merged = {0};
    for (size_t i = 0; i < PLOT_KEYS; i++) {
        const char *text = over->text[i] != NULL ? over->text[i] : r->text[i];
        merged.text[i] = text != NULL ? memory_text(text) : NULL;
    }
    copy_filters(&merged, r);
    copy_filters(&merged, over);
    return merged;
}

plot_kind plot_request_kind(const plot_request *r) {
    return r->text[PLOT_KIND] != NULL ? (plot_kind)kind_of(r->text[PLOT_KIND]) : KIND_LINES;
}

bool plot_request_is(const plot_request *r, plot_key key) {
    return r->text[key] != NULL && strcmp(r->text[key], "yes") == 0;
}

bool plot_request_has(const plot_request *r, plot_key key, const char *word) {
    char *list = memory_format(",%s,", r->text[key] != NULL ? r->text[key] : "");
    char *spaced = memory_format(",%s,", word);
    bool has = strstr(list, spaced) != NULL;
    free(list);
    free(spaced);
    return has;
}

double plot_request_number(const plot_request *r, plot_key key, double otherwise) {
    return r->text[key] != NULL ? strtod(r->text[key], NULL) : otherwise;
}

void plot_request_range(const plot_request *r, plot_key key, double *low, double *high) {
    const char *text = r->text[key], *colon = text != NULL ? strchr(text, ':') : NULL;
    *low = colon == NULL || colon == text ? NAN : strtod(text, NULL);
    *high = colon == NULL || colon[1] == '\0' ? NAN : strtod(colon + 1, NULL);
}

static void need(const plot_request *r, plot_key key) {
    if (r->text[key] == NULL)
        report_fatal(EXIT_USAGE, "%s: --%s %s is missing", kinds[plot_request_kind(r)], keys[key].name,
                     keys[key].argument);
}

static void refuse(const plot_request *r, plot_key key) {
    if (r->text[key] != NULL)
        report_fatal(EXIT_USAGE, "%s: --%s has no meaning there", kinds[plot_request_kind(r)], keys[key].name);
}

static bool has_x(const plot_request *r) {
    plot_kind kind = plot_request_kind(r);
    return kind != KIND_CDF && kind != KIND_TIME;
}

bool plot_request_is_whole(const plot_request *r) {
    return r->text[PLOT_Y] != NULL && (r->text[PLOT_X] != NULL || !has_x(r));
}

void plot_request_check(const plot_request *r) {
    plot_kind kind = plot_request_kind(r);
    need(r, PLOT_Y);
    if (!has_x(r))
        refuse(r, PLOT_X);
    else
        need(r, PLOT_X);
    if (kind == KIND_HEAT)
        need(r, PLOT_SERIES);
    if (kind == KIND_DIFFERENCE) {
        need(r, PLOT_BASELINE);
        if (strchr(r->text[PLOT_BASELINE], '=') == NULL)
            report_fatal(EXIT_USAGE, "difference: --baseline '%s': expected KEY=VALUE", r->text[PLOT_BASELINE]);
    } else {
        refuse(r, PLOT_BASELINE);
        refuse(r, PLOT_RATIO);
    }
    static const plot_key only_time[] = {PLOT_BIN, PLOT_RUNS, PLOT_SHADE};
    for (size_t i = 0; kind != KIND_TIME && i < sizeof only_time / sizeof *only_time; i++)
        refuse(r, only_time[i]);
    if (kind == KIND_BOX || kind == KIND_CDF || kind == KIND_SCATTER)
        refuse(r, PLOT_INTERVAL);
    double low, high;
    for (plot_key key = PLOT_X_RANGE; key <= PLOT_Y_RANGE; key++) {
        plot_request_range(r, key, &low, &high);
        if (low >= high)
            report_fatal(EXIT_USAGE, "--%s %s: expected LOW < HIGH", keys[key].name, r->text[key]);
    }
}

char *plot_request_command(const plot_request *r, const char *db) {
    char *text = memory_text("mptcp-figures plot --db");
    memory_append_quoted(&text, db);
    for (plot_key key = 0; key < PLOT_KEYS; key++) {
        if (r->text[key] == NULL || key == PLOT_ABOUT)
            continue;
        memory_append(&text, " --%s", keys[key].name);
        if (keys[key].argument == NULL)
            continue;
        memory_append_quoted(&text, r->text[key]);
    }
    for (size_t i = 0; i < r->wheres; i++) {
        char *where = memory_format("%s=%s", r->where[i].key, r->where[i].value);
        memory_append(&text, " --where");
        memory_append_quoted(&text, where);
        free(where);
    }
    return text;
}

static error_t parse_option(int key, char *text, struct argp_state *state) {
    plot_request *r = state->input;
    if (key == OPTION_WHERE) {
        if (!plot_request_where(r, text))
            argp_error(state, "--where '%s': expected KEY=VALUE, at most 16 times", text);
        return 0;
    }
    if (key < OPTION_FIRST || key >= OPTION_WHERE)
        return ARGP_ERR_UNKNOWN;
    plot_key which = (plot_key)(key - OPTION_FIRST);
    const char *before = which == PLOT_POOL ? r->text[which] : NULL; /* given once more, it goes on */
    char *all = before != NULL ? memory_format("%s,%s", before, text) : memory_text(text != NULL ? text : "yes");
    const char *expected = plot_request_set(r, which, all);
    free(all);
    if (expected != NULL)
        argp_error(state, "--%s '%s': %s", keys[which].name, text != NULL ? text : "", expected);
    return 0;
}

/* argp wants an array that is there before main(). */
static struct argp_option options[PLOT_KEYS + 2];

__attribute__((constructor)) static void make_options(void) {
    for (int key = 0; key < PLOT_KEYS; key++)
        options[key] =
            (struct argp_option){keys[key].name, OPTION_FIRST + key, keys[key].argument, 0, keys[key].about, 0};
    options[PLOT_KEYS] = (struct argp_option){
        "where",
        OPTION_WHERE,
        "KEY=VALUE",
        0,
        "Only runs with this value on this axis; @min and @max: the least and the greatest number; may be repeated",
        0};
}

const struct argp plot_request_argp = {.options = options, .parser = parse_option};
