/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "program.h"

#include "capture.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *program_default_path(void) {
    char self[PATH_MAX];
    ssize_t count = readlink("/proc/self/exe", self, sizeof self - 1);
    self[count > 0 ? count : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash) {
        *slash = '\0';
    }
    return text_format("%s/mptcp-run", self);
}

static bool add_file(program *p, const char *path, program_build of) {
    for (size_t i = 0; i < p->file_count; i++) {
        if (strcmp(p->files[i].path, path) == 0) {
            return true;
        }
    }
    program_file file = {.path = text_copy(path), .of = of};
    const char *slash = strrchr(file.path, '/');
    file.name = slash ? slash + 1 : file.path;
    struct sha256_ctx sha;
    sha256_init(&sha);
    if (stat(path, &file.stats) != 0 || !hash_add_file(&sha, path)) {
        fprintf(stderr, "mptcp-lab: cannot read %s: %s\n", path, strerror(errno));
        free(file.path);
        return false;
    }
    file.hash = hash_finish(&sha);
    p->files = text_grow(p->files, p->file_count, sizeof *p->files);
    p->files[p->file_count++] = file;
    return true;
}

/*
 * Lines of ldd: "\tlibns3-mptcp.so => /path/libns3-mptcp.so (0x...)", and "\t/lib64/ld-linux-x86-64.so.2 (0x...)" of the
 * dynamic linker itself. A statically linked program has none.
 */
static bool add_libraries(program *p, char *path_of_program, program_build of) {
    char *argv[] = {"ldd", path_of_program, NULL};
    text_buf out = {0};
    pool_outcome outcome;
    bool is_good = capture(argv, &out, &outcome);
    if (!is_good && !pool_stop_signal()) {
        fprintf(stderr, "mptcp-lab: cannot run ldd: %s\n", strerror(errno));
    }
    char *rest = NULL;
    for (char *line = strtok_r(out.bytes, "\n", &rest); line && is_good; line = strtok_r(NULL, "\n", &rest)) {
        char *path = strchr(line, '/');
        char *end = path ? strrchr(path, '(') : NULL;
        if (end && end > path + 1) {
            end[-1] = '\0';
            is_good = add_file(p, path, of);
        }
    }
    text_free(&out);
    return is_good;
}

/* What mptcp-run becomes for runs of engine ns3, where it was built. */
static bool add_ns3(program *p) {
    char *path = text_format("%s-ns3", p->path);
    bool is_good =
        access(path, F_OK) != 0 || (add_file(p, path, PROGRAM_WITH_NS3) && add_libraries(p, path, PROGRAM_WITH_NS3));
    free(path);
    return is_good;
}

static int compare_files(const void *a, const void *b) {
    return strcmp(((const program_file *)a)->name, ((const program_file *)b)->name);
}

static hash_text hash_of_files(const program *p, program_build build) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    for (size_t i = 0; i < p->file_count; i++) {
        if (!program_build_has(build, &p->files[i])) {
            continue;
        }
        sha256_update(&sha, strlen(p->files[i].name) + 1, (const uint8_t *)p->files[i].name);
        sha256_update(&sha, sizeof p->files[i].hash.hex, (const uint8_t *)p->files[i].hash.hex);
    }
    return hash_finish(&sha);
}

static bool ask_version(program *p) {
    char *argv[] = {p->path, "--version-json", NULL};
    text_buf out = {0};
    pool_outcome outcome;
    bool is_good = capture(argv, &out, &outcome);
    if (is_good && (outcome.end != POOL_EXITED || outcome.code != 0)) {
        char *end = capture_end_text(&outcome);
        char *last = text_last_line(outcome.stderr_end);
        fprintf(stderr, "mptcp-lab: %s --version-json failed (%s): %s\n", p->path, end, last);
        free(end);
        free(last);
        is_good = false;
    }
    if (is_good) {
        out.bytes[strcspn(out.bytes, "\n")] = '\0';
        p->version_json = text_copy(out.bytes);
        p->serves = strstr(p->version_json, "\"serves\":true") != NULL;
    }
    text_free(&out);
    return is_good;
}

bool program_load(program *p, const char *path) {
    char *wanted = path ? text_copy(path) : program_default_path();
    *p = (program){.path = realpath(wanted, NULL)};
    if (!p->path || access(p->path, X_OK) != 0) {
        fprintf(stderr, "mptcp-lab: cannot run %s: %s (--run-binary PATH names another mptcp-run)\n", wanted,
                strerror(errno));
        free(wanted);
        program_free(p);
        return false;
    }
    free(wanted);
    if (!add_file(p, p->path, PROGRAM_ALONE) || !add_libraries(p, p->path, PROGRAM_ALONE) || !add_ns3(p) ||
        !ask_version(p)) {
        program_free(p);
        return false;
    }
    qsort(p->files, p->file_count, sizeof *p->files, compare_files);
    for (program_build build = 0; build < PROGRAM_BUILDS; build++) {
        p->hash[build] = hash_of_files(p, build);
    }
    return true;
}

program_build program_build_of(const char *config_json) {
    return strstr(config_json, "\"engine\":\"ns3\"") ? PROGRAM_WITH_NS3 : PROGRAM_ALONE;
}

bool program_is_unchanged(const program *p, program_build build) {
    for (size_t i = 0; i < p->file_count; i++) {
        struct stat now;
        const struct stat *was = &p->files[i].stats;
        if (!program_build_has(build, &p->files[i])) {
            continue;
        }
        if (stat(p->files[i].path, &now) != 0 || now.st_ino != was->st_ino || now.st_size != was->st_size ||
            now.st_mtim.tv_sec != was->st_mtim.tv_sec || now.st_mtim.tv_nsec != was->st_mtim.tv_nsec) {
            return false;
        }
    }
    return true;
}

void program_free(program *p) {
    for (size_t i = 0; i < p->file_count; i++) {
        free(p->files[i].path);
    }
    free(p->files);
    free(p->version_json);
    free(p->path);
    *p = (program){0};
}
