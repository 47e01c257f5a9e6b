/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "result_parse.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 6
#define CENSORED_MARK ">"
#define OUTPUT_BYTES_MAX (UINT64_C(1) << 30) /* a run that prints without end must not fill the runner's memory */
#define LINE_BYTES_MAX (1u << 20)
#define WORDS_BYTES 4000 /* those of most runs */

__attribute__((format(printf, 2, 3))) static void fail(result *r, const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    free(r->error);
    r->error = text_format("output line %zu: %s", r->line_number, what);
}

void result_init(result *r, const char *config_expected) {
    *r = (result){.config_expected = config_expected};
    sha256_init(&r->sha);
}

/* ---- one line ---- */

/* Splits at TABs in place. Returns the number of fields, FIELDS_MAX + 1 for too many. */
static size_t split(char *line, char **fields) {
    size_t count = 0;
    for (char *next = line; next;) {
        if (count == FIELDS_MAX) {
            return FIELDS_MAX + 1;
        }
        fields[count++] = next;
        next = strchr(next, '\t');
        if (next) {
            *next++ = '\0';
        }
    }
    return count;
}

static bool parse_value(const char *s, double *out) {
    char *end = NULL;
    if (!strchr("-0123456789", s[0])) {
        return false;
    }
    *out = strtod(s, &end);
    return end != s && *end == '\0' && isfinite(*out);
}

static bool parse_time_us(const char *s, int64_t *out) {
    char *end = NULL;
    errno = 0;
    *out = s[0] >= '0' && s[0] <= '9' ? (int64_t)strtoll(s, &end, 10) : -1;
    return end && *end == '\0' && errno == 0;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The one copy of a series' name, made at its first sample. */
static const char *series_name(result *r, const char *name) {
    size_t at = r->series_count;
    char **found = at ? bsearch(&name, r->series, at, sizeof *r->series, compare_names) : NULL;
    if (found) {
        return *found;
    }
    r->series = text_grow(r->series, r->series_count, sizeof *r->series);
    for (; at > 0 && strcmp(r->series[at - 1], name) > 0; at--) {
        r->series[at] = r->series[at - 1];
    }
    r->series_count++;
    return r->series[at] = text_copy(name);
}

static void take_config(result *r, char **fields, size_t count) {
    if (r->line_number != 1) {
        fail(r, "a second config line");
    } else if (count != 2 || fields[1][0] != '{') {
        fail(r, "expected 'config', TAB, a JSON object");
    } else if (r->config_expected && strcmp(fields[1], r->config_expected) != 0) {
        fail(r, "the configuration is not the one that --print-config gave");
    }
}

static void take_sample(result *r, char **fields, size_t count) {
    result_sample sample;
    if (count != 4 || !fields[1][0] || !parse_time_us(fields[2], &sample.time_us) ||
        !parse_value(fields[3], &sample.value)) {
        fail(r, "expected 'sample', series, whole microseconds, finite number");
        return;
    }
    sample.series = series_name(r, fields[1]);
    r->samples = text_grow(r->samples, r->sample_count, sizeof *r->samples);
    r->samples[r->sample_count++] = sample;
}

/* Words of many lines in one piece of memory. */
struct result_words {
    struct result_words *next;
    size_t used, room;
    char bytes[];
};

static char *copy_fields(result *r, char **fields, size_t first, size_t last) {
    size_t count = (size_t)(fields[last] - fields[first]) + strlen(fields[last]) + 1;
    struct result_words *w = r->words;
    if (!w || w->room - w->used < count) {
        size_t room = count > WORDS_BYTES ? count : WORDS_BYTES;
        w = text_alloc(sizeof *w + room);
        w->room = room;
        w->next = r->words;
        r->words = w;
    }
    char *copy = memcpy(w->bytes + w->used, fields[first], count);
    w->used += count;
    return copy;
}

static void take_metric(result *r, char **fields, size_t count) {
    double value = 0.0;
    bool is_censored = count == 6 && strcmp(fields[5], CENSORED_MARK) == 0;
    if ((count != 5 && !is_censored) || !fields[1][0] || !fields[3][0] || !parse_value(fields[4], &value)) {
        fail(r, "expected 'metric', name, entity, unit, finite number, and '>' or nothing");
        return;
    }
    r->metrics = text_grow(r->metrics, r->metric_count, sizeof *r->metrics);
    const char *name = copy_fields(r, fields, 1, 3);
    r->metrics[r->metric_count++] = (result_metric){.name = name,
                                                    .entity = name + (fields[2] - fields[1]),
                                                    .unit = name + (fields[3] - fields[1]),
                                                    .value = value,
                                                    .is_censored = is_censored};
}

static void take_event(result *r, char **fields, size_t count) {
    int64_t time_us = 0;
    if (count != 5 || !parse_time_us(fields[1], &time_us) || !fields[2][0]) {
        fail(r, "expected 'event', whole microseconds, name, entity, detail");
        return;
    }
    r->events = text_grow(r->events, r->event_count, sizeof *r->events);
    const char *name = copy_fields(r, fields, 2, 4);
    r->events[r->event_count++] = (result_event){.time_us = time_us,
                                                 .name = name,
                                                 .entity = name + (fields[3] - fields[2]),
                                                 .detail = name + (fields[4] - fields[2])};
}

/* Eight bytes at a time as long as none of them is one, nor a TAB. */
static bool has_control_character(const char *line, size_t count) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (size_t i = 0; i < count; i++) {
        uint64_t eight;
        if (i + sizeof eight <= count) {
            memcpy(&eight, line + i, sizeof eight);
            if (!((eight - 0x20 * ones) & ~eight & (0x80 * ones))) {
                i += sizeof eight - 1;
                continue;
            }
        }
        if ((unsigned char)line[i] < 0x20 && line[i] != '\t') {
            return true;
        }
    }
    return false;
}

static void take_line(result *r, char *line, size_t bytes) {
    char *fields[FIELDS_MAX];
    r->line_number++;
    if (has_control_character(line, bytes)) {
        fail(r, "a control character");
        return;
    }
    size_t count = split(line, fields);
    if (r->has_ended) {
        fail(r, "text behind 'end'");
    } else if (strcmp(fields[0], "config") == 0) {
        take_config(r, fields, count);
    } else if (r->line_number == 1) {
        fail(r, "expected the config line first, got '%.40s'", fields[0]);
    } else if (strcmp(fields[0], "sample") == 0) {
        take_sample(r, fields, count);
    } else if (strcmp(fields[0], "metric") == 0) {
        take_metric(r, fields, count);
    } else if (strcmp(fields[0], "event") == 0) {
        take_event(r, fields, count);
    } else if (strcmp(fields[0], "end") == 0 && count == 2 && strcmp(fields[1], "ok") == 0) {
        r->has_ended = true;
    } else {
        fail(r, "expected sample, metric, event or 'end', TAB, 'ok', got '%.40s'", fields[0]);
    }
}

/* ---- the stream ---- */

void result_feed(void *user, const char *bytes, size_t count) {
    result *r = user;
    sha256_update(&r->sha, count, (const uint8_t *)bytes);
    r->bytes += count;
    if (!r->error && r->bytes > OUTPUT_BYTES_MAX) {
        fail(r, "more than %llu bytes of output", (unsigned long long)OUTPUT_BYTES_MAX);
    }
    while (!r->error && count) {
        const char *newline = memchr(bytes, '\n', count);
        size_t taken = newline ? (size_t)(newline - bytes) : count;
        text_append(&r->line, bytes, taken);
        if (r->line.count > LINE_BYTES_MAX) {
            fail(r, "longer than %u bytes", LINE_BYTES_MAX);
        } else if (newline) {
            take_line(r, r->line.bytes, r->line.count);
            r->line.count = 0;
            taken++;
        }
        bytes += taken;
        count -= taken;
    }
}

static int compare_samples(const void *a, const void *b) {
    const result_sample *x = a;
    const result_sample *y = b;
    int order = x->series == y->series ? 0 : strcmp(x->series, y->series);
    return order ? order : (x->time_us > y->time_us) - (x->time_us < y->time_us);
}

static int compare_metrics(const void *a, const void *b) {
    const result_metric *x = a;
    const result_metric *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->entity, y->entity);
}

/* Sorted rows go into the store in the order of its keys, and equal keys lie side by side. */
static void sort_and_check(result *r) {
    if (r->sample_count) {
        qsort(r->samples, r->sample_count, sizeof *r->samples, compare_samples);
    }
    if (r->metric_count) {
        qsort(r->metrics, r->metric_count, sizeof *r->metrics, compare_metrics);
    }
    for (size_t i = 1; i < r->sample_count && !r->error; i++) {
        if (compare_samples(&r->samples[i - 1], &r->samples[i]) == 0) {
            fail(r, "two samples of '%.80s' at %lld us", r->samples[i].series, (long long)r->samples[i].time_us);
        }
    }
    for (size_t i = 1; i < r->metric_count && !r->error; i++) {
        if (compare_metrics(&r->metrics[i - 1], &r->metrics[i]) == 0) {
            fail(r, "two metrics '%.40s' of '%.80s'", r->metrics[i].name, r->metrics[i].entity);
        }
    }
}

bool result_finish(result *r, hash_text *hash) {
    *hash = hash_finish(&r->sha);
    if (!r->error && r->line.count) {
        r->line_number++;
        fail(r, "cut off before its end");
    }
    if (!r->error && !r->has_ended) {
        fail(r, "the output stops without 'end'");
    }
    if (!r->error) {
        sort_and_check(r);
    }
    return !r->error;
}

void result_free(result *r) {
    while (r->words) {
        struct result_words *w = r->words;
        r->words = w->next;
        free(w);
    }
    for (size_t i = 0; i < r->series_count; i++) {
        free(r->series[i]);
    }
    free(r->events);
    free(r->metrics);
    free(r->samples);
    free(r->series);
    free(r->error);
    text_free(&r->line);
    *r = (result){0};
}
