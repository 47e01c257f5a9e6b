/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * command.h: the command line of mptcp-run, whichever engine it ends at, and what is the same around a run: reading the
 * scenario, the result lines that come first and last, the exit status.
 */
#ifndef EXP_COMMAND_H
#define EXP_COMMAND_H

#include "measure.h"
#include "scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { COMMAND_DONE = 0, COMMAND_BROKEN_RUN = 1, COMMAND_BAD_INPUT = 2 };

struct command {
    const char *file;          /**< the scenario; NULL when none is needed */
    uint64_t seed;             /**< of all randomness, from 1 */
    const char **sets;         /**< changes to the scenario */
    size_t set_count;          /**< of them */
    char *engine_set;          /**< the one that --engine stands for, or NULL */
    const char *pcap_folder;   /**< where captures go; NULL: none */
    const char *record_folder; /**< record radio paths, and where to; NULL: simulate the flows */
    const char *config_line;   /**< what command_print_config() printed before for this scenario; NULL: not known */
    bool is_config_only;       /**< print the resolved parameters only */
    bool is_version_only;      /**< print what this was built from */
    bool is_keys_only;         /**< print the table of keys */
};

/**
 * Simulate the scenario, telling @p m what happens, and print its results: command_print_config() when nothing can be
 * wrong with the scenario any more, then samples, then measure_print().
 * @return false after one line on standard error when the scenario cannot be simulated; nothing was printed then
 */
typedef bool command_engine(const struct scenario *s, const struct command *c, struct measure *m);

/** Read the command line; on an error there this ends the program with COMMAND_BAD_INPUT. */
void command_parse(struct command *c, int argc, char **argv);
void command_free(struct command *c);

/** Print the configuration line. */
void command_print_config(const struct scenario *s, const struct command *c, FILE *out);

/** Print what command_parse() found to be asked for instead of a run. @return whether that was so. */
bool command_print_info(const struct command *c);
/** Run @p s by @p engine. @return the exit status. */
int command_run(const struct scenario *s, const struct command *c, command_engine *engine);

#ifdef __cplusplus
}
#endif
#endif
