/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_locals.c: the addresses of this host and their ids. */
#include "host/mpt_host.h"

const mpt_local_address *mpt_stack_find_local(const mpt_stack *st, const mpt_addr *a) {
    for (uint32_t i = 0; i < st->local_count; i++)
        if (mpt_addr_equal(&st->locals[i].addr, a))
            return &st->locals[i];
    return NULL;
}

bool mpt_local_is_id_used(const mpt_stack *st, uint8_t id) {
    for (uint32_t i = 0; i < st->local_count; i++)
        if (st->locals[i].id == id)
            return true;
    return false;
}

uint8_t mpt_local_choose_id(mpt_stack *st) {
    while (st->next_address_id == 0 || mpt_local_is_id_used(st, st->next_address_id))
        st->next_address_id++;
    return st->next_address_id++;
}
