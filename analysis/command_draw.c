/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws stored figures, figure files of one's own, or every stored figure whose campaign the database holds. */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "command.h"
#include "plot.h"
#include "report.h"
#include "resource.h"
#include "stored.h"

typedef struct {
    choice choice;
    const char *what, *folder;
    plot_request over; /* what the command line says besides the figure's file */
} arguments;

enum { OPTION_OUT = 256 };

static const struct argp_option options[] = {
    {"out", OPTION_OUT, "DIR", 0, "Folder for the files (default: figures)", 0}, {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->choice;
        state->child_inputs[1] = &a->over;
        return 0;
    case OPTION_OUT: a->folder = text; return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "'%s': expected one NAME only; the result database is given as --db FILE", text);
        a->what = text;
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&choice_db_argp, 0, NULL, 0}, {&plot_request_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "NAME|FILE.yaml|all --db FILE [--out DIR]",
    .doc = "Draws a stored figure (mptcp-figures --list), one of a file whose keys are the options of plot, or each "
           "stored one "
           "whose campaign the database holds. Options given here go before those of the figure.",
    .children = children,
};

static void draw(store *s, const stored_figure *f, const arguments *a) {
    plot_request r = plot_request_merged(&f->request, &a->over);
    plot_draw(s, &r, a->folder);
    plot_request_free(&r);
}

static void draw_all(store *s, const arguments *a) {
    stored_figures all = stored_read();
    size_t drawn = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (!store_has_campaign(s, all.item[i].request.text[PLOT_CAMPAIGN]))
            continue;
        draw(s, &all.item[i], a);
        drawn++;
    }
    if (drawn == 0)
        report_fatal(EXIT_DATA, "%s: holds no campaign of a stored figure; see --list", s->file);
    stored_free(&all);
}

static void draw_one(store *s, const arguments *a) {
    size_t length = strlen(a->what);
    if (length > 5 && strcmp(a->what + length - 5, ".yaml") == 0) {
        stored_figure f = stored_read_file(a->what);
        draw(s, &f, a);
        stored_free_one(&f);
        return;
    }
    stored_figures all = stored_read();
    draw(s, stored_find(&all, a->what), a);
    stored_free(&all);
}

/* Before the database is opened: a wrong name is the command line's fault. */
static void check_name(const arguments *a) {
    size_t length = strlen(a->what);
    if (strcmp(a->what, "all") == 0 || (length > 5 && strcmp(a->what + length - 5, ".yaml") == 0))
        return;
    resource_find(a->choice.data);
    stored_figures all = stored_read();
    if (stored_find(&all, a->what) == NULL)
        report_fatal(EXIT_USAGE, "no command or figure '%s'; --help names the commands, --list the figures", a->what);
    stored_free(&all);
}

int command_draw(int argc, char **argv) {
    arguments a = {.folder = "figures"};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    if (a.what == NULL)
        report_fatal(EXIT_USAGE,
                     "expected a command or the NAME of a figure; --help names the commands, --list the figures");
    check_name(&a);
    store s = choice_open(&a.choice, a.what);
    if (strcmp(a.what, "all") == 0)
        draw_all(&s, &a);
    else
        draw_one(&s, &a);
    store_close(&s);
    plot_request_free(&a.over);
    return EXIT_SUCCESS;
}

void command_list(void) {
    resource_find(NULL);
    stored_figures all = stored_read();
    for (size_t i = 0; i < all.n; i++)
        printf("%-18s %s (campaign %s)\n", all.item[i].name, all.item[i].request.text[PLOT_ABOUT],
               all.item[i].request.text[PLOT_CAMPAIGN]);
    stored_free(&all);
}
