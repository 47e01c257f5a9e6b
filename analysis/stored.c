/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "stored.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "report.h"
#include "resource.h"

static int is_figure(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

stored_figure stored_read_file(const char *path) {
    const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path, *dot = strrchr(file, '.');
    stored_figure f = {.request = plot_request_read(path)};
    f.name = f.request.text[PLOT_NAME] != NULL ? memory_text(f.request.text[PLOT_NAME])
                                               : strndup(file, dot != NULL ? (size_t)(dot - file) : strlen(file));
    if (f.request.text[PLOT_NAME] == NULL)
        plot_request_set(&f.request, PLOT_NAME, f.name);
    return f;
}

stored_figures stored_read(void) {
    stored_figures all = {0};
    struct dirent **entry;
    char *folder = resource_path("figures", "", "");
    int n = scandir(folder, &entry, is_figure, alphasort);
    if (n < 0)
        report_fatal(EXIT_FILE, "%s: can't be read", folder);
    for (int i = 0; i < n; i++) {
        char *path = resource_path("figures", entry[i]->d_name, "");
        all.item = memory_grow(all.item, all.n, sizeof *all.item);
        all.item[all.n++] = stored_read_file(path);
        free(path);
        free(entry[i]);
    }
    free(entry);
    free(folder);
    return all;
}

void stored_free_one(stored_figure *f) {
    free(f->name);
    plot_request_free(&f->request);
}

void stored_free(stored_figures *all) {
    for (size_t i = 0; i < all->n; i++)
        stored_free_one(&all->item[i]);
    free(all->item);
    *all = (stored_figures){0};
}

const stored_figure *stored_find(const stored_figures *all, const char *name) {
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->item[i].name, name) == 0)
            return &all->item[i];
    return NULL;
}
