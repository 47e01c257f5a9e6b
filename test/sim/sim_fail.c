/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "sim_fail.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *context_name = "sim";
static const mpt_time *context_now;

void sim_fail_context(const char *name, const mpt_time *now) {
    context_name = name;
    context_now = now;
}

static void print_context(void) {
    fflush(stdout);
    fprintf(stderr, "%s: ", context_name);
    if (context_now != NULL) {
        fprintf(stderr, "at %" PRId64 ".%09" PRId64 " s: ", *context_now / MPT_S, *context_now % MPT_S);
    }
}

void sim_fail(const char *format, ...) {
    print_context();
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    fflush(NULL);
    _exit(1);
}

void mpt_assert_failed(const char *expression, const char *file, int line) {
    print_context();
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expression);
    fflush(NULL);
    abort();
}

/* A job that takes longer hangs. */
enum { JOB_CPU_S = 60 };

/** A child's process number and the job it does. */
typedef struct child {
    pid_t pid;
    uint64_t job;
} child;

static bool wait_for_one(child *children, uint32_t count, void (*ended)(void *, uint64_t, bool), void *user) {
    int status = 0;
    pid_t pid = wait(&status);
    for (uint32_t i = 0; i < count; i++) {
        if (children[i].pid == pid) {
            bool is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            children[i].pid = 0;
            if (WIFSIGNALED(status)) {
                fprintf(stderr, "job %" PRIu64 " was ended by signal %d%s\n", children[i].job, WTERMSIG(status),
                        WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL ? " (it hangs)" : "");
            }
            ended(user, children[i].job, is_good);
            return is_good;
        }
    }
    perror("wait");
    exit(2);
}

static void start(child *c, uint64_t i, bool (*job)(void *, uint64_t), void *user) {
    fflush(NULL);
    c->job = i;
    c->pid = fork();
    if (c->pid < 0) {
        perror("fork");
        exit(2);
    }
    if (c->pid == 0) {
        setrlimit(RLIMIT_CPU, &(struct rlimit){JOB_CPU_S, JOB_CPU_S});
        bool is_good = job(user, i);
        fflush(NULL);
        exit(is_good ? 0 : 1);
    }
}

uint64_t sim_fork_each(uint64_t first, uint64_t last, uint32_t parallel, bool (*job)(void *, uint64_t),
                       void (*ended)(void *, uint64_t, bool), void *user) {
    enum { PARALLEL_MAX = 64 };
    child children[PARALLEL_MAX] = {{0}};
    uint32_t slots = parallel < 1 ? 1 : parallel > PARALLEL_MAX ? PARALLEL_MAX : parallel;
    uint32_t running = 0;
    uint64_t failed = 0;
    for (uint64_t i = first; i <= last; i++) {
        if (running == slots) {
            failed += !wait_for_one(children, slots, ended, user);
            running--;
        }
        uint32_t slot = 0;
        while (children[slot].pid != 0) {
            slot++;
        }
        start(&children[slot], i, job, user);
        running++;
    }
    for (; running > 0; running--) {
        failed += !wait_for_one(children, slots, ended, user);
    }
    return failed;
}
