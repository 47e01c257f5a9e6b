/* SPDX-License-Identifier: GPL-2.0-or-later */
/** test_sim_cases: runs the cases of cases.h. Usage: test_sim_cases [WORD] runs the topic WORD and the cases whose name contains it. */
#include <inttypes.h>
#include <string.h>

#include "cases.h"

static const sim_cases *const topics[] = {
#define SIM_TOPIC(topic) &cases_##topic,
    SIM_TOPICS(SIM_TOPIC)
#undef SIM_TOPIC
};
enum { TOPIC_COUNT = sizeof topics / sizeof *topics };

typedef struct selection {
    const char *word;
    uint64_t run_count;
} selection;

static uint64_t case_count(void) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < TOPIC_COUNT; i++) {
        count += topics[i]->count;
    }
    return count;
}

/** @return case @p number of all, and its topic in @p topic. */
static const sim_case *find(uint64_t number, const char **topic) {
    uint32_t i = 0;
    while (number >= topics[i]->count) {
        number -= topics[i++]->count;
    }
    *topic = topics[i]->topic;
    return &topics[i]->cases[number];
}

static const sim_case *find_selected(const selection *s, uint64_t number) {
    const char *topic;
    const sim_case *c = find(number, &topic);
    return s->word == NULL || strstr(c->name, s->word) != NULL || strcmp(topic, s->word) == 0 ? c : NULL;
}

static bool run_case(void *user, uint64_t number) {
    const sim_case *c = find_selected(user, number);
    if (c != NULL) {
        sim_fail_context(c->name, NULL);
        c->run(c->name);
    }
    return true;
}

static void case_ended(void *user, uint64_t number, bool is_good) {
    selection *s = user;
    const sim_case *c = find_selected(s, number);
    if (c != NULL) {
        s->run_count++;
        printf("%-8s %s\n", is_good ? "ok" : "FAILED", c->name);
    }
}

int main(int argc, char **argv) {
    selection s = {.word = argc > 1 ? argv[1] : NULL};
    uint64_t failed = sim_fork_each(0, case_count() - 1, 1, run_case, case_ended, &s);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", s.run_count - failed, failed);
    return failed == 0 && s.run_count > 0 ? 0 : 1;
}
