/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "pool.h"

#include "child.h"
#include "command/serve.h"
#include "server.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEMORY_CHECK_MS 50
#define READ_BYTES 65536
#define FDS_PER_SLOT 3 /* pidfd, standard output, standard error; -1 is ignored by poll */

typedef struct {
    pid_t pid; /* leader of a process group; 0: free; the server's where the run is served */
    int fds[FDS_PER_SLOT];
    server served_by; /* kept for the next run */
    bool is_served; /* the run under way; its descriptors are the server's, the first one not a pidfd but the socket */
    bool is_group;  /* pid leads a process group */
    pool_job job;
    double started_s;
    double looked_s; /* at the memory */
    bool is_over_time;
    bool is_over_memory;
    bool is_cancelled;
    uint64_t peak_bytes; /* of the memory, as last seen */
    char stderr_bytes[2 * POOL_STDERR_BYTES];
    size_t stderr_count;
} slot;

struct pool {
    slot *slots;
    struct pollfd *polled;
    size_t slot_count;
    size_t running;
};

static volatile sig_atomic_t stop_signal;
static sigset_t wait_mask; /* signals blocked inside ppoll: the stop signals are not */

double pool_clock_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- stop signals ---- */

static void on_stop_signal(int number) {
    stop_signal = number;
}

void pool_catch_stop_signals(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t stops;
    sigemptyset(&stops);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction action = {.sa_handler = on_stop_signal};
        sigaction(numbers[i], &action, NULL);
        sigaddset(&stops, numbers[i]);
    }
    /* Blocked except inside ppoll: no signal can slip in between the test of the flag and the wait. */
    sigprocmask(SIG_BLOCK, &stops, &wait_mask);
}

int pool_stop_signal(void) {
    return stop_signal;
}

/* ---- start ---- */

pool *pool_new(size_t jobs_max) {
    pool *p = text_alloc(sizeof *p);
    p->slot_count = jobs_max;
    p->slots = text_alloc(jobs_max * sizeof *p->slots);
    p->polled = text_alloc(jobs_max * FDS_PER_SLOT * sizeof *p->polled);
    return p;
}

size_t pool_running(const pool *p) {
    return p->running;
}

bool pool_has_room(const pool *p) {
    return p->running < p->slot_count;
}

static void close_fd(int *fd) {
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static slot *free_slot(pool *p) {
    size_t i = 0;
    while (p->slots[i].pid) {
        i++;
    }
    return &p->slots[i];
}

static bool start_process(slot *s, const pool_job *job) {
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    int in = -1, pidfd = -1;
    pid_t pid = 0;
    int error = pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) ? errno : 0;
    if (!error && job->stdin_text && (in = child_open_text(job->stdin_text)) < 0) {
        error = errno;
    }
    if (!error) {
        error = child_spawn(&pid, job->argv, &(child_fds){.in = in, .out = out[1], .err = err[1], .control = -1});
    }
    if (!error && (pidfd = pidfd_open(pid, 0)) < 0) {
        error = errno;
        kill(-pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close_fd(&in);
    close_fd(&out[1]);
    close_fd(&err[1]);
    if (error) {
        close_fd(&out[0]);
        close_fd(&err[0]);
        errno = error;
        return false;
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    *s = (slot){.pid = pid, .fds = {pidfd, out[0], err[0]}, .served_by = s->served_by};
    return true;
}

static bool start_served(slot *s, const pool_job *job) {
    if (!server_request(&s->served_by, job->argv, job->stdin_text)) {
        return false;
    }
    const server *by = &s->served_by;
    *s = (slot){.pid = by->pid, .fds = {by->control, by->out, by->err}, .served_by = *by, .is_served = true};
    return true;
}

bool pool_start(pool *p, const pool_job *job) {
    slot *s = free_slot(p);
    if (!(job->is_served ? start_served(s, job) : start_process(s, job))) {
        return false;
    }
    s->job = *job;
    s->started_s = pool_clock_s();
    s->looked_s = job->is_served ? s->started_s : 0.0; /* of the others the end alone does not tell */
    p->running++;
    return true;
}

/* ---- output ---- */

static void keep_stderr(slot *s, const char *bytes, size_t count) {
    if (count > POOL_STDERR_BYTES) {
        bytes += count - POOL_STDERR_BYTES;
        count = POOL_STDERR_BYTES;
    }
    if (s->stderr_count + count > sizeof s->stderr_bytes) {
        memmove(s->stderr_bytes, s->stderr_bytes + s->stderr_count - POOL_STDERR_BYTES, POOL_STDERR_BYTES);
        s->stderr_count = POOL_STDERR_BYTES;
    }
    memcpy(s->stderr_bytes + s->stderr_count, bytes, count);
    s->stderr_count += count;
}

/* Reads once from standard output (1) or error (2); false when nothing is there now, or no more will come. */
static bool read_once(slot *s, int which) {
    static char bytes[READ_BYTES];
    if (s->fds[which] < 0) {
        return false;
    }
    ssize_t count = read(s->fds[which], bytes, sizeof bytes);
    if (count > 0) {
        if (which == 2) {
            keep_stderr(s, bytes, (size_t)count);
        } else if (s->job.on_stdout) {
            s->job.on_stdout(s->job.user, bytes, (size_t)count);
        }
        return true;
    }
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        if (!s->is_served) { /* else it is the server's */
            close(s->fds[which]);
        }
        s->fds[which] = -1;
    }
    return false;
}

static void copy_stderr_end(const slot *s, char *out) {
    size_t count = s->stderr_count < POOL_STDERR_BYTES ? s->stderr_count : POOL_STDERR_BYTES;
    const char *from = s->stderr_bytes + s->stderr_count - count;
    while (count && ((unsigned char)*from & 0xC0) == 0x80) {
        from++; /* the cut went through a UTF-8 character */
        count--;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_text = (unsigned char)from[i] >= 0x20 || from[i] == '\n' || from[i] == '\t';
        out[i] = is_text ? from[i] : '?';
    }
    out[count] = '\0';
}

/* ---- limits ---- */

/*
 * Peak of the resident memory, of the program that the process runs now: VmHWM counts from execve. The kernel's account
 * at the child's end (ru_maxrss) does not, as the child shares the runner's memory until then. 0 = not known.
 */
static uint64_t peak_bytes(pid_t pid) {
    char path[64], text[4096];
    unsigned long long kib = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t count = read(fd, text, sizeof text - 1);
    close(fd);
    text[count > 0 ? count : 0] = '\0';
    const char *line = strstr(text, "\nVmHWM:");
    return line && sscanf(line, "\nVmHWM: %llu kB", &kib) == 1 ? (uint64_t)kib << 10 : 0;
}

static void enforce_limits(slot *s, double now_s) {
    if (s->is_over_time || s->is_over_memory) {
        return;
    }
    if (now_s - s->looked_s >= 1e-3 * MEMORY_CHECK_MS) {
        uint64_t peak = peak_bytes(s->pid);
        s->peak_bytes = peak > s->peak_bytes ? peak : s->peak_bytes;
        s->looked_s = now_s;
    }
    s->is_over_memory = s->peak_bytes > s->job.memory_bytes_max;
    s->is_over_time = !s->is_over_memory && now_s - s->started_s >= s->job.timeout_s;
    if (s->is_over_time || s->is_over_memory) {
        kill(-s->pid, SIGKILL);
    }
}

/* ---- end ---- */

/*
 * Growth since the last check shows in the kernel's account, which starts at the runner's own peak: an account not above
 * ours says nothing of the child, and what was seen last counts.
 */
static uint64_t final_peak_bytes(const slot *s, int64_t account_kib) {
    struct rusage own;
    getrusage(RUSAGE_SELF, &own);
    uint64_t account = (uint64_t)account_kib << 10;
    bool is_childs = s->is_served || account_kib > own.ru_maxrss || s->peak_bytes == 0;
    return is_childs && account > s->peak_bytes ? account : s->peak_bytes;
}

/* How a run ended. */
typedef struct {
    int status; /* as of waitpid() */
    double cpu_s;
    int64_t memory_kib;
} account;

static void finish(pool *p, slot *s, const account *a, pool_outcome *out) {
    while (read_once(s, 1)) {
    }
    while (read_once(s, 2)) {
    }
    *out = (pool_outcome){
        .user = s->job.user,
        .end = WIFSIGNALED(a->status) ? POOL_SIGNALLED : POOL_EXITED,
        .code = WIFSIGNALED(a->status) ? WTERMSIG(a->status) : WEXITSTATUS(a->status),
        .wall_s = pool_clock_s() - s->started_s,
        .cpu_s = a->cpu_s,
    };
    s->peak_bytes = final_peak_bytes(s, a->memory_kib);
    out->memory_kib = (int64_t)(s->peak_bytes >> 10);
    if (s->is_over_memory || s->peak_bytes > s->job.memory_bytes_max) {
        out->end = POOL_OOM;
    } else if (s->is_cancelled) {
        out->end = POOL_CANCELLED;
        out->code = 0; /* whether the signal was in time is chance */
    } else if (s->is_over_time && WIFSIGNALED(a->status)) {
        out->end = POOL_TIMEOUT;
    }
    copy_stderr_end(s, out->stderr_end);
    s->pid = 0;
    p->running--;
}

static account wait_for(pid_t pid) {
    account a = {0};
    struct rusage usage = {0};
    while (wait4(pid, &a.status, 0, &usage) < 0 && errno == EINTR) {
    }
    a.cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
              1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    a.memory_kib = usage.ru_maxrss;
    return a;
}

static void reap(pool *p, slot *s, pool_outcome *out) {
    kill(-s->pid, SIGKILL);   /* what the child left behind; the child itself is a zombie and keeps the number taken */
    while (read_once(s, 1)) { /* before it is waited for: it may have left somebody who writes */
    }
    const account a = wait_for(s->pid);
    finish(p, s, &a, out);
    for (int i = 0; i < FDS_PER_SLOT; i++) {
        close_fd(&s->fds[i]);
    }
}

/* The end of a run that is served: the server says so, or is gone with it. */
static void hear(pool *p, slot *s, pool_outcome *out) {
    struct serve_message m;
    server *by = &s->served_by;
    ssize_t count = recv(s->fds[0], &m, sizeof m, MSG_DONTWAIT);
    bool is_gone = count != (ssize_t)sizeof m;
    account a = {.status = (m.exit_status & 0xff) << 8, .cpu_s = 1e-6 * (double)m.cpu_us, .memory_kib = m.memory_kib};
    if (is_gone) {
        kill(-s->pid, SIGKILL);
        a = wait_for(s->pid);
        a.memory_kib = s->peak_bytes ? 0 : a.memory_kib; /* of all its runs: what was seen of this one counts */
    }
    double total_s = a.cpu_s;
    a.cpu_s -= by->cpu_s;
    by->cpu_s = total_s;
    finish(p, s, &a, out);
    bool is_doomed = s->is_cancelled || s->is_over_time || s->is_over_memory; /* the signal may have come too late */
    if (is_doomed && !is_gone) {
        kill(-by->pid, SIGKILL);
        wait_for(by->pid);
    }
    if (is_doomed || is_gone) {
        server_close(by);
    }
}

static int next_wait_ms(const pool *p, double end_s) {
    double now_s = pool_clock_s();
    double wait_s = end_s - now_s;
    for (size_t i = 0; i < p->slot_count; i++) {
        const slot *s = &p->slots[i];
        if (s->pid) {
            double left_s = s->started_s + s->job.timeout_s - now_s;
            wait_s = left_s < wait_s ? left_s : wait_s;
            wait_s = wait_s > 1e-3 * MEMORY_CHECK_MS ? 1e-3 * MEMORY_CHECK_MS : wait_s;
        }
    }
    return wait_s > 0 ? (int)(wait_s * 1e3) + 1 : 0;
}

static void poll_once(pool *p, int wait_ms) {
    for (size_t i = 0; i < p->slot_count; i++) {
        for (int k = 0; k < FDS_PER_SLOT; k++) {
            int fd = p->slots[i].pid ? p->slots[i].fds[k] : -1;
            p->polled[i * FDS_PER_SLOT + (size_t)k] = (struct pollfd){.fd = fd, .events = POLLIN};
        }
    }
    struct timespec wait = {wait_ms / 1000, (wait_ms % 1000) * 1000000L};
    if (ppoll(p->polled, p->slot_count * FDS_PER_SLOT, &wait, &wait_mask) < 0) {
        memset(p->polled, 0, p->slot_count * FDS_PER_SLOT * sizeof *p->polled); /* interrupted: nothing is ready */
    }
}

/* Reads what is ready; true when a child has ended and is reaped into `out`. */
static bool look(pool *p, pool_outcome *out) {
    double now_s = pool_clock_s();
    slot *ended = NULL;
    for (size_t i = 0; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (!s->pid) {
            continue;
        }
        const struct pollfd *polled = &p->polled[i * FDS_PER_SLOT];
        for (int which = 1; which <= 2; which++) {
            if (polled[which].revents) {
                read_once(s, which);
            }
        }
        if (!polled[0].revents) {
            enforce_limits(s, now_s);
        } else if (!ended && !s->is_served) {
            reap(p, s, out);
            ended = s;
        } else if (!ended) {
            hear(p, s, out);
            ended = s;
        }
    }
    return ended != NULL;
}

void pool_cancel(pool *p, const void *user) {
    for (size_t i = 0; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (s->pid && s->job.user == user && !s->is_cancelled) {
            s->is_cancelled = true;
            kill(-s->pid, SIGKILL);
        }
    }
}

bool pool_wait(pool *p, int wait_ms, pool_outcome *out) {
    double end_s = pool_clock_s() + 1e-3 * wait_ms;
    while (p->running && !stop_signal) {
        poll_once(p, next_wait_ms(p, end_s));
        if (look(p, out)) {
            return true;
        }
        if (pool_clock_s() >= end_s) {
            return false;
        }
    }
    return false;
}

void pool_free(pool *p) {
    for (size_t i = 0; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (s->pid && !s->is_served) {
            kill(-s->pid, SIGKILL);
            wait_for(s->pid);
            for (int k = 0; k < FDS_PER_SLOT; k++) {
                close_fd(&s->fds[k]);
            }
        }
        if (s->served_by.pid) {
            kill(-s->served_by.pid, SIGKILL); /* the run is of its group */
            wait_for(s->served_by.pid);
            server_close(&s->served_by);
        }
    }
    free(p->polled);
    free(p->slots);
    free(p);
}
