/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_list.h: intrusive doubly linked list with a head. A node points to itself while it is in no list. */
#ifndef MPT_LIST_H
#define MPT_LIST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct mpt_list {
    struct mpt_list *next, *prev;
} mpt_list;

#define MPT_LIST_ENTRY(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

static inline void mpt_list_init(mpt_list *n) {
    n->next = n->prev = n;
}
static inline bool mpt_list_is_linked(const mpt_list *n) {
    return n->next != n;
}
static inline void mpt_list_append(mpt_list *head, mpt_list *n) {
    n->prev = head->prev;
    n->next = head;
    head->prev->next = n;
    head->prev = n;
}
static inline void mpt_list_remove(mpt_list *n) {
    n->prev->next = n->next;
    n->next->prev = n->prev;
    mpt_list_init(n);
}

#endif
