/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path manager of one's own: further subflows only for connections that last: two seconds after the first one.
 *
 *   cc -shared -fPIC -I model/core examples/policy_path_manager.c -o patient.so
 *   mptcp-run scenario.yaml --set flows.download.path_manager=./patient.so
 */
#include "mpt_ext.h"

#define PATIENCE_NS (2 * MPT_S)

/** Of a connection. */
typedef struct patient_state {
    bool is_over; /**< the time of waiting */
} patient_state;

static uint32_t wanted(const mpt_pm_view *v) {
    return ((const patient_state *)v->priv)->is_over ? 1 : 0;
}

static void on_event(mpt_conn *c, const mpt_pm_event *e) {
    patient_state *state = e->priv;
    if (e->kind == MPT_PM_ESTABLISHED)
        mpt_pm_set_timer(c, e->now + PATIENCE_NS);
    if (e->kind == MPT_PM_TIMER)
        state->is_over = true; /* wanted() is asked after each event */
}

const mpt_pm_ops mptcp_path_manager = {
    .name = "patient",
    .priv_bytes = sizeof(patient_state),
    .wanted = wanted,
    .on_event = on_event,
};
