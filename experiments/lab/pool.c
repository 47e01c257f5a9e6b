/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "pool.h"

#include "child.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEMORY_CHECK_MS 50
#define READ_BYTES 65536
#define FDS_PER_SLOT 3 /* pidfd, standard output, standard error; -1 is ignored by poll */

typedef struct {
    pid_t pid; /* 0: free */
    int fds[FDS_PER_SLOT];
    pool_job job;
    double started_s;
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

extern char **environ;

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

/* A file without name that holds `text`, to be read from its start; -1 with errno set. */
static int open_text(const char *text) {
    int fd = memfd_create("stdin", MFD_CLOEXEC);
    for (size_t left = strlen(text); fd >= 0 && left;) {
        ssize_t count = write(fd, text, left);
        if (count < 0) {
            close_fd(&fd);
            return -1;
        }
        text += count;
        left -= (size_t)count;
    }
    if (fd >= 0) {
        lseek(fd, 0, SEEK_SET);
    }
    return fd;
}

static int spawn(pid_t *pid, char *const *argv, int stdin_fd, int stdout_fd, int stderr_fd) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    if (stdin_fd >= 0) {
        posix_spawn_file_actions_adddup2(&actions, stdin_fd, STDIN_FILENO);
    } else {
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    posix_spawn_file_actions_adddup2(&actions, stdout_fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, stderr_fd, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    int error = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int spawn_as_child(pid_t *pid, char *const *argv, int stdin_fd, int stdout_fd, int stderr_fd) {
    size_t count = 0;
    while (argv[count]) {
        count++;
    }
    char runner_pid[32];
    snprintf(runner_pid, sizeof runner_pid, "%ld", (long)getpid());
    char **full = text_alloc((count + 4) * sizeof *full);
    full[0] = "mptcp-lab";
    full[1] = CHILD_ARGUMENT;
    full[2] = runner_pid;
    memcpy(full + 3, argv, count * sizeof *full);
    int error = spawn(pid, full, stdin_fd, stdout_fd, stderr_fd);
    free(full);
    return error;
}

static slot *free_slot(pool *p) {
    size_t i = 0;
    while (p->slots[i].pid) {
        i++;
    }
    return &p->slots[i];
}

bool pool_start(pool *p, const pool_job *job) {
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    int in = -1, pidfd = -1;
    pid_t pid = 0;
    int error = pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) ? errno : 0;
    if (!error && job->stdin_text && (in = open_text(job->stdin_text)) < 0) {
        error = errno;
    }
    if (!error) {
        error = spawn_as_child(&pid, job->argv, in, out[1], err[1]);
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
    slot *s = free_slot(p);
    *s = (slot){.pid = pid, .fds = {pidfd, out[0], err[0]}, .job = *job, .started_s = pool_clock_s()};
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
        close_fd(&s->fds[which]);
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
    uint64_t peak = peak_bytes(s->pid);
    s->peak_bytes = peak > s->peak_bytes ? peak : s->peak_bytes;
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
static uint64_t final_peak_bytes(const slot *s, const struct rusage *usage) {
    struct rusage own;
    getrusage(RUSAGE_SELF, &own);
    uint64_t account = (uint64_t)usage->ru_maxrss << 10;
    bool is_childs = usage->ru_maxrss > own.ru_maxrss || s->peak_bytes == 0;
    return is_childs && account > s->peak_bytes ? account : s->peak_bytes;
}

static void reap(pool *p, slot *s, pool_outcome *out) {
    int status = 0;
    struct rusage usage = {0};
    kill(-s->pid, SIGKILL); /* what the child left behind; the child itself is a zombie and keeps the number taken */
    while (read_once(s, 1)) {
    }
    while (read_once(s, 2)) {
    }
    while (wait4(s->pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    *out = (pool_outcome){
        .user = s->job.user,
        .end = WIFSIGNALED(status) ? POOL_SIGNALLED : POOL_EXITED,
        .code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
        .wall_s = pool_clock_s() - s->started_s,
        .cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
    };
    s->peak_bytes = final_peak_bytes(s, &usage);
    out->memory_kib = (int64_t)(s->peak_bytes >> 10);
    if (s->is_over_memory || s->peak_bytes > s->job.memory_bytes_max) {
        out->end = POOL_OOM;
    } else if (s->is_cancelled) {
        out->end = POOL_CANCELLED;
        out->code = 0; /* whether the signal was in time is chance */
    } else if (s->is_over_time && WIFSIGNALED(status)) {
        out->end = POOL_TIMEOUT;
    }
    copy_stderr_end(s, out->stderr_end);
    for (int i = 0; i < FDS_PER_SLOT; i++) {
        close_fd(&s->fds[i]);
    }
    s->pid = 0;
    p->running--;
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
static bool serve(pool *p, pool_outcome *out) {
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
        if (polled[0].revents && !ended) {
            ended = s;
        } else if (!polled[0].revents) {
            enforce_limits(s, now_s);
        }
    }
    if (ended) {
        reap(p, ended, out);
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
        if (serve(p, out)) {
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
        if (s->pid) {
            kill(-s->pid, SIGKILL);
            while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR) {
            }
            for (int k = 0; k < FDS_PER_SLOT; k++) {
                close_fd(&s->fds[k]);
            }
        }
    }
    free(p->polled);
    free(p->slots);
    free(p);
}
