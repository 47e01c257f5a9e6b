/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_names.c: names of statuses and states are those of the enumerations. */
#include "unit_support.h"

static void statuses_have_their_own_names(void **state) {
    (void)state;
    assert_string_equal(mpt_status_name(MPT_OK), "MPT_OK");
    assert_string_equal(mpt_status_name(MPT_ERR_LIMIT), "MPT_ERR_LIMIT");
    assert_string_equal(mpt_status_name(MPT_ERR_ABORTED), "MPT_ERR_ABORTED");
    for (int i = MPT_ERR_ABORTED; i <= MPT_OK; i++)
        assert_string_not_equal(mpt_status_name((mpt_status)i), "unknown status");
    assert_string_equal(mpt_status_name((mpt_status)(MPT_ERR_ABORTED - 1)), "unknown status");
    assert_string_equal(mpt_status_name((mpt_status)1), "unknown status");
}

static void states_have_the_names_of_rfc_9293(void **state) {
    (void)state;
    assert_string_equal(mpt_tcp_state_name(MPT_TCP_CLOSED), "CLOSED");
    assert_string_equal(mpt_tcp_state_name(MPT_TCP_ESTABLISHED), "ESTABLISHED");
    assert_string_equal(mpt_tcp_state_name(MPT_TCP_FIN_WAIT_2), "FIN_WAIT_2");
    assert_string_equal(mpt_tcp_state_name(MPT_TCP_TIME_WAIT), "TIME_WAIT");
    assert_string_equal(mpt_tcp_state_name((mpt_tcp_state)(MPT_TCP_TIME_WAIT + 1)), "unknown state");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_their_own_names),
        cmocka_unit_test(states_have_the_names_of_rfc_9293),
    };
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
