/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of mptcp-figures. Each gets its own arguments, argv[0] being 'mptcp-figures COMMAND', and gives the exit status. */
#ifndef ANALYSIS_COMMAND_H
#define ANALYSIS_COMMAND_H

int command_plot(int argc, char **argv);
int command_draw(int argc, char **argv); /* argv[1]: NAME, FILE.yaml or all */
int command_table(int argc, char **argv);
int command_timeline(int argc, char **argv);
int command_export(int argc, char **argv);
int command_report(int argc, char **argv);
int command_bundle(int argc, char **argv);
int command_verify(int argc, char **argv);

void command_list(void); /* prints the stored figures */

#endif
