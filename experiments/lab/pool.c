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
#define STARTED_KIB 512 /* a process that has less is at its execve */
#define READ_BYTES 65536
#define FDS_PER_SLOT 3 /* pidfd, standard output, standard error; -1 is ignored by poll */

/*
 * Requests of short runs are sent ahead, so that a server need not wait for the runner nor the runner wake up for each run: after one of a few
 * milliseconds nothing of the runner is in the caches, and the same work takes three times longer than for many at once.
 */
#define AHEAD_S 0.2     /* as long as what waits in a server may take */
#define AHEAD_MAX 64    /* runs, the one under way included */
#define GATHER_S 0.002  /* less is no sleep worth its wake-up */
#define STUCK_S 0.5     /* what waits behind a run that turns out longer goes to others */
#define RECENT_PART 0.2 /* of a run in the mean of the last ones */

typedef struct {
    pool_job job;
    text_buf words; /* the request, where it is served */
} order;

/* What a server wrote and nobody took yet; it may go on with the output of runs that come later. */
typedef struct {
    text_buf bytes;
    size_t taken;
} stream;

typedef struct {
    pid_t pid; /* leader of a process group; 0: free; the server's where runs are served */
    int fds[FDS_PER_SLOT];
    server served_by; /* kept for the next run; the descriptors are its */
    stream out, err;  /* of the server */
    bool is_served;
    bool is_err_complete;    /* the mark of the first order's end has been seen there */
    order orders[AHEAD_MAX]; /* the first one is under way */
    size_t order_count;
    double started_s;
    int64_t started_us; /* since 1970 */
    double looked_s;    /* at the memory */
    bool is_over_time;
    bool is_over_memory;
    bool is_cancelled;
    bool is_killed;      /* by this pool, for what its first order was then */
    uint64_t peak_bytes; /* of the memory, as last seen */
    char stderr_bytes[2 * POOL_STDERR_BYTES];
    size_t stderr_count;
} slot;

struct pool {
    slot *slots;
    struct pollfd *polled;
    size_t slot_count;
    size_t outstanding; /* begun or not */
    order *waiting;     /* taken back from servers */
    size_t waiting_count;
    double recent_s; /* mean of the last served runs; 0: none yet */
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
    size_t count = 0;
    for (size_t i = 0; i < p->slot_count; i++) {
        count += p->slots[i].pid != 0;
    }
    return count;
}

bool pool_is_idle(const pool *p) {
    return p->outstanding == 0;
}

static size_t orders_ahead(const pool *p) {
    double count = p->recent_s > 0.0 ? AHEAD_S / p->recent_s : 1.0;
    return count < 1.0 ? 1 : count > AHEAD_MAX ? AHEAD_MAX : (size_t)count;
}

static slot *free_slot(pool *p) {
    for (size_t i = 0; i < p->slot_count; i++) {
        if (!p->slots[i].pid) {
            return &p->slots[i];
        }
    }
    return NULL;
}

/* The one with the least to do. */
static slot *slot_for_served(pool *p) {
    slot *best = free_slot(p);
    for (size_t i = 0; i < p->slot_count && (!best || best->pid); i++) {
        slot *s = &p->slots[i];
        if (s->is_served && s->order_count < orders_ahead(p) && (!best || s->order_count < best->order_count)) {
            best = s;
        }
    }
    return best;
}

bool pool_has_room(pool *p, bool is_served) {
    return !p->waiting_count && (is_served ? slot_for_served(p) : free_slot(p));
}

static void close_fd(int *fd) {
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
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
    *s = (slot){.pid = pid, .fds = {pidfd, out[0], err[0]}, .served_by = s->served_by, .out = s->out, .err = s->err};
    return true;
}

/* The first order begins, as far as one can tell from here. */
static void begin_first(slot *s) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    s->started_us = now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
    s->started_s = pool_clock_s();
    s->looked_s = s->is_served ? s->started_s : 0.0; /* of the others the end alone does not tell */
    s->is_over_time = s->is_over_memory = s->is_cancelled = false;
    s->is_err_complete = false;
    s->peak_bytes = 0;
    s->stderr_count = 0;
}

static void add_order(slot *s, const order *o) {
    s->orders[s->order_count++] = *o;
    if (s->order_count == 1) {
        begin_first(s);
    }
}

/* False when no server can be started; with *is_sent false it has too much to do. */
static bool send_order(slot *s, const order *o, bool *is_sent) {
    if (!s->served_by.pid && !server_start(&s->served_by, o->words.bytes + sizeof(struct serve_request))) {
        return false;
    }
    const server *by = &s->served_by;
    if ((*is_sent = server_request(by, &o->words))) {
        s->pid = by->pid;
        s->is_served = true;
        memcpy(s->fds, (const int[]){by->pidfd, by->out, by->err}, sizeof s->fds);
        add_order(s, o);
    }
    return true;
}

static void keep_waiting(pool *p, const order *o) {
    p->waiting = text_grow(p->waiting, p->waiting_count, sizeof *p->waiting);
    p->waiting[p->waiting_count++] = *o;
}

static bool start_served(pool *p, const pool_job *job) {
    order o = {.job = *job};
    bool is_sent = false;
    if (!server_words(&o.words, job->argv, job->stdin_text)) {
        errno = E2BIG;
    } else if (send_order(slot_for_served(p), &o, &is_sent)) {
        if (!is_sent) {
            keep_waiting(p, &o);
        }
        return true;
    }
    int error = errno;
    text_free(&o.words);
    errno = error;
    return false;
}

bool pool_start(pool *p, const pool_job *job) {
    if (job->is_served) {
        if (!start_served(p, job)) {
            return false;
        }
    } else {
        slot *s = free_slot(p);
        if (!start_process(s, job)) {
            return false;
        }
        add_order(s, &(order){.job = *job});
    }
    p->outstanding++;
    return true;
}

/* Orders that were taken back, to whoever has room. A server that cannot be started now is tried again. */
static void send_waiting(pool *p) {
    bool is_sent = true;
    size_t sent = 0;
    while (sent < p->waiting_count && is_sent) {
        slot *s = slot_for_served(p);
        is_sent = s && send_order(s, &p->waiting[sent], &is_sent) && is_sent;
        sent += is_sent;
    }
    p->waiting_count -= sent;
    if (p->waiting_count) {
        memmove(p->waiting, p->waiting + sent, p->waiting_count * sizeof *p->waiting);
    }
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

static void give(slot *s, int which, const char *bytes, size_t count) {
    const pool_job *job = &s->orders[0].job;
    if (which == 2) {
        keep_stderr(s, bytes, count);
    } else if (job->on_stdout) {
        job->on_stdout(job->user, bytes, count);
    }
}

/* Reads once from standard output (1) or error (2); false when nothing is there now, or no more will come. */
static bool read_once(slot *s, int which) {
    static char bytes[READ_BYTES];
    if (s->fds[which] < 0) {
        return false;
    }
    ssize_t count = read(s->fds[which], bytes, sizeof bytes);
    if (count > 0) {
        if (s->is_served) {
            text_append(which == 1 ? &s->out.bytes : &s->err.bytes, bytes, (size_t)count);
        } else {
            give(s, which, bytes, (size_t)count);
        }
        return true;
    }
    if (!s->is_served && (count == 0 || (errno != EAGAIN && errno != EINTR))) {
        close_fd(&s->fds[which]);
    }
    return false;
}

/*
 * Gives what a server wrote to the run under way, up to the mark of its end. True when that is there, and the `end_bytes`
 * behind it, which are copied to `end`.
 */
static bool take(slot *s, int which, void *end, size_t end_bytes) {
    stream *from = which == 1 ? &s->out : &s->err;
    while (from->taken < from->bytes.count) {
        const char *bytes = from->bytes.bytes + from->taken;
        size_t count = from->bytes.count - from->taken;
        const char *mark = memchr(bytes, SERVE_MARK[0], count);
        size_t before = mark ? (size_t)(mark - bytes) : count, left = count - before;
        if (before) {
            give(s, which, bytes, before);
            from->taken += before;
        }
        if (left && memcmp(mark, SERVE_MARK, left < SERVE_MARK_BYTES ? left : SERVE_MARK_BYTES) != 0) {
            give(s, which, mark, 1); /* somebody's own */
            from->taken++;
        } else if (left && left < SERVE_MARK_BYTES + end_bytes) {
            return false; /* the rest is on its way */
        } else if (left) {
            if (end_bytes) {
                memcpy(end, mark + SERVE_MARK_BYTES, end_bytes);
            }
            from->taken += SERVE_MARK_BYTES + end_bytes;
            return true;
        }
    }
    from->bytes.count = from->taken = 0;
    return false;
}

/* Whether all is there; what comes then is the next run's. */
static bool take_stderr(slot *s) {
    s->is_err_complete = s->is_err_complete || take(s, 2, NULL, 0);
    return s->is_err_complete;
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
    bool is_known = line && sscanf(line, "\nVmHWM: %llu kB", &kib) == 1 && kib >= STARTED_KIB;
    return is_known ? (uint64_t)kib << 10 : 0;
}

static void enforce_limits(slot *s, double now_s) {
    if (s->is_killed) {
        return;
    }
    if (now_s - s->looked_s >= 1e-3 * MEMORY_CHECK_MS) {
        uint64_t peak = peak_bytes(s->pid);
        s->peak_bytes = peak > s->peak_bytes ? peak : s->peak_bytes;
        s->looked_s = now_s;
    }
    const pool_job *job = &s->orders[0].job;
    s->is_over_memory = s->peak_bytes > job->memory_bytes_max;
    s->is_over_time = !s->is_over_memory && now_s - s->started_s >= job->timeout_s;
    if (s->is_over_time || s->is_over_memory || s->is_cancelled) {
        s->is_killed = true;
        kill(-s->pid, SIGKILL);
    }
}

/* ---- end ---- */

/*
 * Growth since the last check shows in the kernel's account, which starts at the runner's own peak: an account not above
 * ours says nothing of the child, and what was seen last counts.
 */
static uint64_t final_peak_bytes(const slot *s, int64_t account_kib) {
    uint64_t account = (uint64_t)account_kib << 10;
    bool is_childs = s->is_served || s->peak_bytes == 0;
    if (!is_childs) {
        struct rusage own;
        getrusage(RUSAGE_SELF, &own);
        is_childs = account_kib > own.ru_maxrss;
    }
    return is_childs && account > s->peak_bytes ? account : s->peak_bytes;
}

/* How a run ended. */
typedef struct {
    int status; /* as of waitpid() */
    int64_t started_us;
    double wall_s;
    double cpu_s;
    int64_t memory_kib;
} account;

/* The first order is done. */
static void finish(pool *p, slot *s, const account *a, pool_outcome *out) {
    const pool_job *job = &s->orders[0].job;
    *out = (pool_outcome){
        .user = job->user,
        .end = WIFSIGNALED(a->status) ? POOL_SIGNALLED : POOL_EXITED,
        .code = WIFSIGNALED(a->status) ? WTERMSIG(a->status) : WEXITSTATUS(a->status),
        .started_us = a->started_us,
        .wall_s = a->wall_s,
        .cpu_s = a->cpu_s,
    };
    s->peak_bytes = final_peak_bytes(s, a->memory_kib);
    out->memory_kib = (int64_t)(s->peak_bytes >> 10);
    if (s->is_over_memory || s->peak_bytes > job->memory_bytes_max) {
        out->end = POOL_OOM;
    } else if (s->is_cancelled) {
        out->end = POOL_CANCELLED;
        out->code = 0; /* whether the signal was in time is chance */
    } else if (s->is_over_time && WIFSIGNALED(a->status)) {
        out->end = POOL_TIMEOUT;
    }
    copy_stderr_end(s, out->stderr_end);
    text_free(&s->orders[0].words);
    s->order_count--;
    memmove(s->orders, s->orders + 1, s->order_count * sizeof *s->orders);
    p->outstanding--;
    if (s->order_count) {
        begin_first(s);
    } else {
        s->pid = 0;
    }
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

static account account_of_dead(const slot *s) {
    account a = wait_for(s->pid);
    a.started_us = s->started_us;
    a.wall_s = pool_clock_s() - s->started_s;
    return a;
}

static void reap(pool *p, slot *s, pool_outcome *out) {
    kill(-s->pid, SIGKILL);   /* what the child left behind; the child itself is a zombie and keeps the number taken */
    while (read_once(s, 1)) { /* before it is waited for: it may have left somebody who writes */
    }
    const account a = account_of_dead(s);
    while (read_once(s, 1) || read_once(s, 2)) {
    }
    finish(p, s, &a, out);
    for (int i = 0; i < FDS_PER_SLOT; i++) {
        close_fd(&s->fds[i]);
    }
}

/* ---- runs that are served ---- */

/* Whether the first order is done, by what has been read. */
static bool hear(pool *p, slot *s, pool_outcome *out) {
    struct serve_end end;
    if (!take(s, 1, &end, sizeof end)) {
        return false;
    }
    while (!take_stderr(s) && read_once(s, 2)) { /* its mark was written first */
    }
    server *by = &s->served_by;
    const account a = {.status = (end.exit_status & 0xff) << 8,
                       .started_us = end.started_us,
                       .wall_s = 1e-6 * (double)end.wall_us,
                       .cpu_s = 1e-6 * (double)end.cpu_us - by->cpu_s,
                       .memory_kib = end.memory_kib};
    by->cpu_s = 1e-6 * (double)end.cpu_us;
    by->has_served = true;
    p->recent_s += (p->recent_s > 0.0 ? RECENT_PART : 1.0) * (a.wall_s - p->recent_s);
    finish(p, s, &a, out);
    return true;
}

static void take_back(pool *p, slot *s, size_t count) {
    for (size_t i = s->order_count - count; i < s->order_count; i++) {
        keep_waiting(p, &s->orders[i]);
    }
    s->order_count -= count;
}

/*
 * The server has ended, and all that it wrote was read: the run that it was at ended with it, and nobody else's. True when there was one.
 */
static bool bury(pool *p, slot *s, pool_outcome *out) {
    server *by = &s->served_by;
    account a = account_of_dead(s);
    a.memory_kib = s->peak_bytes ? 0 : a.memory_kib; /* of all its runs: what was seen of this one counts */
    a.cpu_s -= by->cpu_s;
    size_t not_begun = server_take_back(by);
    bool is_begun = not_begun < s->order_count;
    bool is_meant = s->is_over_time || s->is_over_memory || s->is_cancelled || !s->is_killed;
    bool is_its_end =
        is_begun ? is_meant : !by->has_served; /* one that never came to serve would not the next time either */
    bool has_ended = s->order_count && is_its_end;
    take_back(p, s, s->order_count - has_ended);
    if (has_ended) {
        take_stderr(s);
        finish(p, s, &a, out);
    }
    s->pid = 0;
    s->is_killed = false;
    s->out.bytes.count = s->out.taken = s->err.bytes.count = s->err.taken = 0;
    server_close(by);
    return has_ended;
}

/* A run that is long after all must not keep others waiting that somebody else could do. */
static void unblock(pool *p, slot *s, double now_s) {
    if (s->order_count > 1 && now_s - s->started_s > STUCK_S && free_slot(p)) {
        p->recent_s = now_s - s->started_s;
        take_back(p, s, server_take_back(&s->served_by));
    }
}

static bool look_at_server(pool *p, slot *s, bool has_died, double now_s, pool_outcome *out) {
    if (hear(p, s, out)) {
        return true;
    }
    if (has_died) {
        return bury(p, s, out);
    }
    take_stderr(s);
    enforce_limits(s, now_s);
    unblock(p, s, now_s);
    return false;
}

static int next_wait_ms(const pool *p, double end_s) {
    double now_s = pool_clock_s();
    double wait_s = end_s - now_s;
    for (size_t i = 0; i < p->slot_count; i++) {
        const slot *s = &p->slots[i];
        if (s->pid) {
            double left_s = s->started_s + s->orders[0].job.timeout_s - now_s;
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

static void read_all(slot *s, const struct pollfd *polled) {
    if (polled[0].revents && s->is_served) {
        kill(-s->pid, SIGKILL); /* what it left behind */
    }
    for (int which = 1; which <= 2; which++) {
        bool is_more = polled[which].revents && read_once(s, which);
        while (is_more && s->is_served) {
            is_more = read_once(s, which);
        }
    }
}

/* Reads what is ready; true when a run has ended and `out` tells how. */
static bool look(pool *p, pool_outcome *out) {
    double now_s = pool_clock_s();
    bool has_ended = false;
    for (size_t i = 0; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (!s->pid) {
            continue;
        }
        const struct pollfd *polled = &p->polled[i * FDS_PER_SLOT];
        read_all(s, polled);
        if (has_ended) {
            continue; /* the next time */
        }
        if (s->is_served) {
            has_ended = look_at_server(p, s, polled[0].revents, now_s, out);
        } else if (polled[0].revents) {
            reap(p, s, out);
            has_ended = true;
        } else {
            enforce_limits(s, now_s);
        }
    }
    return has_ended;
}

/* Of what was read already. */
static bool look_again(pool *p, pool_outcome *out) {
    for (size_t i = 0; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (s->pid && s->is_served && s->out.bytes.count && hear(p, s, out)) {
            return true;
        }
    }
    return false;
}

/* Sleeps while the servers have enough to do: their runs end in the meantime and are all looked at together. */
static void gather(const pool *p, double end_s) {
    double sleep_s = end_s - pool_clock_s();
    for (size_t i = 0; i < p->slot_count; i++) {
        const slot *s = &p->slots[i];
        double enough_s = s->is_served ? 0.5 * (double)(s->order_count - 1) * p->recent_s : 0.0;
        sleep_s = s->pid && enough_s < sleep_s ? enough_s : sleep_s;
    }
    if (sleep_s > GATHER_S) {
        struct timespec wait = {(time_t)sleep_s, (long)(1e9 * (sleep_s - (double)(time_t)sleep_s))};
        ppoll(NULL, 0, &wait, &wait_mask);
    }
}

void pool_cancel(pool *p, const void *user) {
    for (size_t i = 0; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (s->pid && s->orders[0].job.user == user) {
            s->is_cancelled = true; /* and killed when it turns out not to have ended by itself */
        }
    }
}

bool pool_wait(pool *p, int wait_ms, pool_outcome *out) {
    double end_s = pool_clock_s() + 1e-3 * wait_ms;
    while (p->outstanding && !stop_signal) {
        if (look_again(p, out)) {
            return true;
        }
        send_waiting(p);
        gather(p, end_s);
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
        for (size_t k = 0; k < s->order_count; k++) {
            text_free(&s->orders[k].words);
        }
        text_free(&s->out.bytes);
        text_free(&s->err.bytes);
    }
    for (size_t i = 0; i < p->waiting_count; i++) {
        text_free(&p->waiting[i].words);
    }
    free(p->waiting);
    free(p->polled);
    free(p->slots);
    free(p);
}
