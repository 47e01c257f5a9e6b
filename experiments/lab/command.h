/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sub-commands; each has its own --help and returns the exit status of the program. */
#ifndef LAB_COMMAND_H
#define LAB_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#define EXIT_DONE 0   /* and every run is ok */
#define EXIT_FAILED 1 /* a run failed, or the work could not be finished */
#define EXIT_USAGE 2  /* a wrong command line or input file */

int command_sweep(int argc, char **argv);
int command_slurm(int argc, char **argv);
int command_new(int argc, char **argv);
int command_status(int argc, char **argv);
int command_repro(int argc, char **argv);
int command_export(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_fluid(int argc, char **argv);
int command_predict(int argc, char **argv);
int command_migrate(int argc, char **argv);
int command_forget(int argc, char **argv);
int command_ignore(int argc, char **argv);

/* A whole decimal number from min to max; else ends the program with a usage message that names the option. */
uint64_t command_number(struct argp_state *state, const char *option, const char *text, uint64_t min, uint64_t max);

#endif
