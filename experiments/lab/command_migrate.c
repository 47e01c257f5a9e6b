/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"
#include "db_option.h"
#include "store.h"

#include <stdio.h>

static const char doc[] = "Brings a result file of an older version up to date.\v"
                          "It is done in one step that happens or not, and is never undone: keep a copy if older "
                          "programs must read the file. `sweep' and `merge' do the same to the file that they write.";

static error_t parse(int key, char *arg, struct argp_state *state) {
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = state->input;
        return 0;
    }
    (void)arg;
    return ARGP_ERR_UNKNOWN;
}

int command_migrate(int argc, char **argv) {
    const char *db = NULL;
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {.parser = parse, .doc = doc, .children = children};
    argp_parse(&argp, argc, argv, 0, NULL, &db);

    store s;
    if (!store_open(&s, db, STORE_CHANGE)) {
        return EXIT_USAGE;
    }
    printf("%s: up to date\n", db);
    store_close(&s);
    return EXIT_DONE;
}
