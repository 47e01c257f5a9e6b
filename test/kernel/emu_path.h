/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * emu_path.h: a TUN device of the kernel's and the emulated link behind it, both ways, as a program's --path says:
 * KEY=VALUE,... with the keys of emu_path.c.
 */
#ifndef EMU_PATH_H
#define EMU_PATH_H

#include "emu_link.h"

enum { EMU_PATHS_MAX = 8, EMU_TO_KERNEL = 0, EMU_FROM_KERNEL = 1 };

typedef struct emu_path {
    char device[16];
    mpt_addr core, kernel;                 /**< addresses of the two ends; family 0: not given */
    bool is_backup, is_signal, no_subflow; /**< of the core's address, see mpt_local_address */
    bool is_later;                         /**< the core's address is not there from the start */
    uint32_t mtu_bytes;
    int fd;           /**< of the TUN device */
    emu_link link[2]; /**< EMU_TO_KERNEL, EMU_FROM_KERNEL */
} emu_path;

/** Read a path's description into @p p. @return NULL, or what is wrong with it (part of @p text, which is changed). */
const char *emu_path_parse(emu_path *p, char *text);
/** Attach to the device and seed the faults. */
void emu_path_open(emu_path *p, const char *netns, uint64_t seed);
/** The kernel's packets enter the link. */
void emu_path_read(emu_path *p, mpt_time now);
/** What is due for the kernel leaves the link. */
void emu_path_write(emu_path *p, mpt_time now);
/** Lose every packet from now on, both ways. */
void emu_path_break(emu_path *p);
/** Lose them no longer. */
void emu_path_mend(emu_path *p, mpt_time now);
/** @return the earlier of both directions' emu_link_due(). */
mpt_time emu_path_due(const emu_path *p);
/** Print what passed and what was lost, each as " pathN_KEY=VALUE". */
void emu_path_print(const emu_path *p, uint32_t number);
/** @return how many of 1000 packets were delivered late, see emu_link's late_packets. */
uint64_t emu_path_late_permille(const emu_path *paths, uint32_t count);
void emu_path_close(emu_path *p);

#endif
