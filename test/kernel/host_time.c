/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "host_time.h"

#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>

#include "sim_fail.h"

mpt_time host_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (mpt_time)t.tv_sec * MPT_S + t.tv_nsec;
}

void host_wait(struct pollfd *fds, nfds_t count, mpt_time until) {
    mpt_time now = host_now(), left = until > now ? until - now : 0;
    struct timespec t = {.tv_sec = left / MPT_S, .tv_nsec = left % MPT_S};
    int ready = ppoll(fds, count, until == MPT_NEVER ? NULL : &t, NULL);
    SIM_REQUIRE(ready >= 0 || errno == EINTR, "ppoll() fails: errno %d", errno);
}

void host_become_real_time(void) {
    enum { PRIORITY = 20, BUSY_US_MAX = 2000000 };
    if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = PRIORITY}) == 0) {
        setrlimit(RLIMIT_RTTIME, &(struct rlimit){BUSY_US_MAX, BUSY_US_MAX}); /* a loop without a pause ends here */
    }
}
