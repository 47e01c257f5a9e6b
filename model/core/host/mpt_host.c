/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_host.c: beginning and end of what the connections of a host share. */
#include "host/mpt_host.h"

mpt_status mpt_host_init(mpt_stack *st, const mpt_settings *s, const mpt_mem *mem, mpt_time now) {
    st->mem = *mem;
    st->set = *s;
    st->random.seed = s->seed;
    st->now = now;
    st->next_conn_id = 1;
    st->next_address_id = 1;
    st->next_port = (uint16_t)(49152 + mpt_random_u64(&st->random) % 16384);
    mpt_list_init(&st->listeners);
    mpt_list_init(&st->conns);
    mpt_list_init(&st->ready);
    mpt_list_init(&st->noticed);
    if (s->traces != 0)
        st->traces = mpt_alloc(st, MPT_TRACES_MAX * sizeof *st->traces);
    if (mpt_hash_init(&st->tuples, mem) || mpt_hash_init(&st->tokens, mem) || mpt_hash_init(&st->listener_ports, mem) ||
        mpt_hash_init(&st->time_wait_tuples, mem) || (s->traces != 0 && !st->traces)) {
        mpt_host_free(st);
        return MPT_ERR_MEMORY;
    }
    return MPT_OK;
}

void mpt_host_free(mpt_stack *st) {
    mpt_reply_free(st);
    mpt_hash_free(&st->tuples, &st->mem);
    mpt_hash_free(&st->tokens, &st->mem);
    mpt_hash_free(&st->listener_ports, &st->mem);
    mpt_hash_free(&st->time_wait_tuples, &st->mem);
    mpt_timers_free(&st->timers, &st->mem);
    mpt_free(st, st->traces);
}
