/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for mptcp-run in the tests of the sweep runner: the same command line and result lines, numbers made from
 * the arguments alone. The key `mode` chooses how it ends, `sleep_ms` how long it takes.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef WITH_SERVE
#include "serve.h"
#define SERVES ",\"serves\":true"
#else
#define SERVES ""
#endif

#ifdef WITH_SERVE
static bool is_serving;
#endif

#define SETS_MAX 64
#define EAT_STEP_BYTES (8u << 20)

typedef struct {
    const char *scenario;
    const char *sets[SETS_MAX];
    size_t set_count;
    uint64_t seed;
    bool print_config;
    const char *pcap_folder;
} arguments;

static int compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *value_of(const arguments *a, const char *key, const char *otherwise) {
    size_t count = strlen(key);
    for (size_t i = 0; i < a->set_count; i++) {
        if (strncmp(a->sets[i], key, count) == 0 && a->sets[i][count] == '=') {
            return a->sets[i] + count + 1;
        }
    }
    return otherwise;
}

/*
 * The scenario "-" is standard input: a configuration that print_config() printed. Its values, which hold no quotes,
 * become the changes again.
 */
static void read_config(arguments *a) {
    static char text[1 << 20];
    size_t count = fread(text, 1, sizeof text - 1, stdin);
    text[count] = '\0';
    for (char *c = strchr(text, '"'); c && a->set_count < SETS_MAX; c = strchr(c, '"')) {
        char *key = c + 1, *key_end = strchr(key, '"');
        char *value = key_end ? strchr(key_end + 1, '"') : NULL, *value_end = value ? strchr(value + 1, '"') : NULL;
        if (!value_end) {
            break;
        }
        key_end[0] = '=';
        memmove(key_end + 1, value + 1, (size_t)(value_end - value - 1));
        key_end[value_end - value] = '\0';
        a->sets[a->set_count++] = key;
        c = value_end + 1;
    }
}

/* Tells a test that the configuration was asked for, and takes the time that the test wants. */
static void log_question(void) {
    const char *wait = getenv("FAKE_CONFIG_MS");
    long wait_ms = wait ? strtol(wait, NULL, 10) : 0;
    nanosleep(&(struct timespec){wait_ms / 1000, wait_ms % 1000 * 1000000}, NULL);
    const char *path = getenv("FAKE_LOG");
    FILE *log = path ? fopen(path, "a") : NULL;
    if (log) {
        fputs("--print-config\n", log);
        fclose(log);
    }
}

static void print_config(const arguments *a) {
    printf("config\t{");
    for (size_t i = 0; i < a->set_count; i++) {
        const char *equals = strchr(a->sets[i], '=');
        printf("%s\"%.*s\":\"%s\"", i ? "," : "", (int)(equals - a->sets[i]), a->sets[i], equals + 1);
    }
    puts("}");
}

static uint64_t mix(uint64_t x) {
    x ^= x >> 31;
    x *= UINT64_C(0x9E3779B97F4A7C15);
    return x ^ (x >> 29);
}

static void print_results(const arguments *a) {
    uint64_t state = strcmp(value_of(a, "seed_matters", "yes"), "no") == 0 ? 0 : a->seed;
    for (size_t i = 0; i < a->set_count; i++) {
        for (const char *c = a->sets[i]; *c; c++) {
            state = mix(state + (unsigned char)*c);
        }
    }
    for (int t = 0; t < 50; t++) {
        state = mix(state + 1);
        printf("sample\tgoodput flow:download Mb/s\t%d\t%.17g\n", t * 100000, (double)(state >> 11) * 0x1p-40);
        printf("sample\tcwnd flow:download path:lte bytes\t%d\t%" PRIu64 "\n", t * 100000, state % 100000);
    }
    printf("metric\tgoodput\tflow:download\tMb/s\t%.17g\n", (double)(mix(state) >> 11) * 0x1p-40);
    printf("metric\tstall_max\t\ts\t%.17g\n", (double)(mix(state + 1) >> 11) * 0x1p-50);
}

static void hang(void) {
    for (;;) {
        pause();
    }
}

static void eat_memory(void) {
    for (;;) {
        char *p = malloc(EAT_STEP_BYTES);
        if (p) {
            memset(p, 1, EAT_STEP_BYTES);
        }
        nanosleep(&(struct timespec){0, 2000000}, NULL);
    }
}

static int end_as_told(const char *mode) {
    if (strcmp(mode, "fail") == 0) {
        for (int i = 0; i < 2000; i++) {
            fprintf(stderr, "line %d on the way to failure\n", i);
        }
        fputs("check failed: bytes differ\n", stderr);
        return 1;
    }
    if (strcmp(mode, "abort") == 0) {
        fputs("assert: aborting\n", stderr);
        fflush(stdout);
        abort();
    }
    if (strcmp(mode, "hang") == 0) {
        fputs("hanging\n", stderr);
        fflush(stdout);
        hang();
    }
    if (strcmp(mode, "garbage") == 0) {
        puts("what is this");
        fflush(stdout);
        hang();
    }
    if (strcmp(mode, "eat") == 0) {
        fflush(stdout);
        eat_memory();
    }
    if (strcmp(mode, "rubbish") == 0) {
        puts("Segmentation violation in module 7");
    } else if (strcmp(mode, "nan") == 0) {
        puts("metric\tgoodput\tflow:other\tMb/s\tnan");
    } else if (strcmp(mode, "twice") == 0) {
        puts("metric\tstall_max\t\ts\t3");
    }
    if (strcmp(mode, "cut") != 0) {
        puts("end\tok");
    }
    if (strcmp(mode, "behind") == 0) {
        puts("metric\tlate\t\ts\t3");
    }
    return 0;
}

static bool parse(int argc, char **argv, arguments *a) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--set") == 0 && i + 1 < argc && a->set_count < SETS_MAX && strchr(argv[i + 1], '=')) {
            a->sets[a->set_count++] = argv[++i];
        } else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
            a->seed = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--pcap") == 0 && i + 1 < argc) {
            a->pcap_folder = argv[++i];
        } else if (strcmp(argv[i], "--print-config") == 0) {
            a->print_config = true;
        } else if (!a->scenario && (argv[i][0] != '-' || argv[i][1] == '\0')) {
            a->scenario = argv[i];
        } else {
            return false;
        }
    }
    if (a->scenario && strcmp(a->scenario, "-") == 0) {
        read_config(a);
    }
    qsort(a->sets, a->set_count, sizeof *a->sets, compare);
    return a->scenario != NULL;
}

static int do_one(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--version-json") == 0) {
        puts("{\"commit\":\"0123456789abcdef\",\"dirty\":false,\"ns3_version\":\"3.37\",\"compiler\":\"fake 1\"" SERVES
             "}");
        return 0;
    }
    arguments a = {0};
#ifdef WITH_SERVE
    if (is_serving && !serve_input_to_stdin()) {
        return 1;
    }
    clearerr(stdin);
#endif
    if (!parse(argc, argv, &a) || strcmp(value_of(&a, "mode", "ok"), "unknown") == 0) {
        fprintf(stderr, "%s:1:1: mode: expected one that is known\n", a.scenario ? a.scenario : "?");
        return 2;
    }
    print_config(&a);
    if (a.print_config) {
        log_question();
        return 0;
    }
    if (a.pcap_folder) {
        char path[4096];
        snprintf(path, sizeof path, "%s/phone-wifi.pcap", a.pcap_folder);
        mkdir(a.pcap_folder, 0777);
        FILE *capture = fopen(path, "w");
        if (!capture || fprintf(capture, "seed %" PRIu64 "\n", a.seed) < 0 || fclose(capture) != 0) {
            return 2;
        }
    }
    long sleep_ms = strtol(value_of(&a, "sleep_ms", "0"), NULL, 10);
    if (sleep_ms) {
        nanosleep(&(struct timespec){sleep_ms / 1000, sleep_ms % 1000 * 1000000}, NULL);
    }
    if (strcmp(value_of(&a, "mode", "ok"), "differs") == 0) {
        printf("sample\tpid\t0\t%ld\n", (long)getpid());
    }
    print_results(&a);
    return end_as_told(value_of(&a, "mode", "ok"));
}

int main(int argc, char **argv) {
#ifdef WITH_SERVE
    if (argc == 2 && strcmp(argv[1], "--serve") == 0) {
        FILE *log = getenv("FAKE_SERVE_LOG") ? fopen(getenv("FAKE_SERVE_LOG"), "a") : NULL;
        if (log) {
            fputs("serving\n", log);
            fclose(log);
        }
        is_serving = true;
        return serve(do_one);
    }
#endif
    return do_one(argc, argv);
}
