/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference.h"
#include "report.h"
#include "stats.h"

typedef struct {
    int passed, failed, skipped;
} tally;

static const char *const reference_names[] = {"handover", "fairness", "sqrt-law"};

/* The metric of a line where an axis is as the term KEY=VALUE or KEY=LOW..HIGH says; series: what the other axes are.
 */
static cells load_term(const store *s, const reference_line *line, const char *term) {
    char *copy = strdup(term), *key, *low, *high;
    if (!reference_split_where(copy, &key, &low, &high))
        report_fatal(EXIT_FILE, "reference line %s: '%s': expected KEY=VALUE", line->name, term);
    sqlite3_stmt *query = store_prepare(s, "check");
    store_bind_text(query, ":metric", line->metric);
    store_bind_text(query, ":entity", line->entity);
    store_bind_text(query, ":key", key);
    store_bind_text(query, ":low", low);
    store_bind_text(query, ":high", high);
    cells list = store_cells(s, query);
    free(copy);
    return list;
}

/* Adds a term of the divisor to the sums, keeping the seeds that both have. */
static void add_to_sums(cells *sums, const cells *term) {
    for (size_t i = 0; i < sums->n; i++) {
        cell *sum = &sums->item[i];
        const cell *more = cells_find(term, sum->series, sum->x);
        size_t kept = 0;
        for (size_t k = 0; more != NULL && k < sum->n; k++) {
            for (size_t m = 0; m < more->n; m++) {
                if (more->seed[m] != sum->seed[k])
                    continue;
                sum->seed[kept] = sum->seed[k];
                sum->value[kept++] = sum->value[k] + more->value[m];
            }
        }
        sum->n = kept;
    }
}

static cells load_divisor(const store *s, const reference_line *line) {
    char *copy = strdup(line->over), *rest = copy;
    cells sums = {0};
    for (char *term; (term = strsep(&rest, "+")) != NULL;) {
        cells more = load_term(s, line, term);
        if (term == copy) {
            sums = more;
            continue;
        }
        add_to_sums(&sums, &more);
        cells_free(&more);
    }
    free(copy);
    return sums;
}

static void print_limits(const reference_line *line) {
    if (isnan(line->low))
        printf("expected at most %g", line->high);
    else if (isnan(line->high))
        printf("expected at least %g", line->low);
    else
        printf("expected %g to %g", line->low, line->high);
}

static void judge(const reference_line *line, const char *others, const stats_interval *measured, tally *count) {
    /* One run says nothing about chance. */
    int has_passed =
        measured->n > 1 && !(measured->mean < line->low) && !(measured->mean > line->high) && isfinite(measured->mean);
    printf("%s  %s  %s%s%s%s%s: ", has_passed ? "PASS" : "FAIL", line->name, line->where,
           line->over[0] != '\0' ? " over " : "", line->over, others[0] != '\0' ? ", " : "", others);
    print_limits(line);
    if (measured->n == 0)
        puts(", no seed in common");
    else if (measured->n == 1)
        printf(", measured %.4g (n = 1: at least two seeds are needed)\n", measured->mean);
    else
        printf(", measured %.4g [%.4g, %.4g] (n = %zu)\n", measured->mean, measured->low, measured->high, measured->n);
    count->passed += has_passed;
    count->failed += !has_passed;
}

static stats_interval measure(const cell *c, const cells *divisor) {
    if (divisor == NULL)
        return stats_mean(c->value, c->n);
    stats_interval result = {.mean = NAN, .low = NAN, .high = NAN, .n = 0};
    const cell *under = cells_find(divisor, c->series, c->x);
    if (under == NULL)
        return result;
    double *a = calloc(c->n, sizeof *a), *b = calloc(c->n, sizeof *b);
    if (a == NULL || b == NULL)
        abort();
    size_t n = cells_pair(c, under, a, b);
    if (n > 0)
        result = stats_paired_ratio(a, b, n);
    free(a);
    free(b);
    return result;
}

static void check_line(const store *s, const reference_line *line, tally *count) {
    int is_ratio = line->over[0] != '\0';
    cells measured = load_term(s, line, line->where);
    cells divisor = is_ratio ? load_divisor(s, line) : (cells){0};
    for (size_t i = 0; i < measured.n; i++) {
        stats_interval result = measure(&measured.item[i], is_ratio ? &divisor : NULL);
        judge(line, measured.item[i].series, &result, count);
    }
    if (measured.n == 0) {
        printf("FAIL  %s  %s: campaign %s has no metric '%s' there\n", line->name, line->where, s->campaign,
               line->metric);
        count->failed++;
    }
    cells_free(&measured);
    cells_free(&divisor);
}

/* Chooses the campaign of a line, unless it is chosen already. Returns 0 if the database doesn't hold it. */
static int choose_campaign(store *s, const char *campaign, const store_filter *filter, size_t filters) {
    if (s->campaign != NULL && strcmp(s->campaign, campaign) == 0)
        return 1;
    if (!store_has_campaign(s, campaign))
        return 0;
    store_choose(s, campaign, filter, filters);
    return 1;
}

int verify_run(store *s, const char *campaign, const store_filter *filter, size_t filters) {
    tally count = {0};
    for (size_t i = 0; i < sizeof reference_names / sizeof *reference_names; i++) {
        reference r = reference_read(reference_names[i]);
        for (size_t k = 0; k < r.n; k++) {
            const reference_line *line = &r.item[k];
            int has_limits = !isnan(line->low) || !isnan(line->high);
            if (!has_limits || (campaign != NULL && strcmp(campaign, line->campaign) != 0))
                continue;
            if (choose_campaign(s, line->campaign, filter, filters)) {
                check_line(s, line, &count);
            } else {
                printf("SKIP  %s: %s has no campaign %s\n", line->name, s->file, line->campaign);
                count.skipped++;
            }
        }
        reference_free(&r);
    }
    printf("%d passed, %d failed, %d skipped\n", count.passed, count.failed, count.skipped);
    return count.failed == 0 && count.passed > 0 ? 0 : EXIT_CHECK;
}
