/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * test_scripts: plays all scripts (script.h) on the core, each twice: with payload, and on a host that carries none.
 * Usage: test_scripts [-v] [WORD]: only scripts whose name contains WORD; -v shows every segment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script_core.h"
#include "script_topics.h"

void mpt_assert_failed(const char *expression, const char *file, int line) {
    fflush(stdout);
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expression);
    abort();
}

static bool needs_payload(const script *s) {
    for (uint32_t i = 0; i < s->step_count; i++)
        if (s->steps[i].kind == SCRIPT_NEEDS_PAYLOAD)
            return true;
    return false;
}

/** Scripts are found by name. */
static bool is_name_unique(const char *name) {
    uint32_t count = 0;
    for (uint32_t i = 0; script_name(i); i++)
        count += strcmp(script_name(i), name) == 0;
    return count == 1;
}

int main(int argc, char **argv) {
    bool is_verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const char *word = argc > 1 + is_verbose ? argv[1 + is_verbose] : "";
    uint32_t passed = 0, failed = 0;
    for (const script_topic *const *topic = script_topics; *topic; topic++) {
        for (uint32_t i = 0; i < (*topic)->count; i++) {
            const script *s = &(*topic)->scripts[i];
            if (!strstr(s->name, word))
                continue;
            if (is_verbose)
                printf("%s\n", s->name);
            bool is_good = is_name_unique(s->name);
            if (!is_good)
                printf("FAILED   %s: the name is used twice\n", s->name);
            is_good = is_good && script_core_play(s, (*topic)->file, true, is_verbose);
            if (is_good && !needs_payload(s))
                is_good = script_core_play(s, (*topic)->file, false, false);
            *(is_good ? &passed : &failed) += 1;
        }
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
