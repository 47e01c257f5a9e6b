/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_keys.c: keys, tokens and initial sequence numbers of a stack: unlike each other, from the seed alone (RFC 8684 3.1; RFC 6528). */
#include "stack/mpt_stack.h"
#include "unit_support.h"

enum { CONNS = 200 };

static mpt_stack *stack(unit_memory *memory, uint64_t seed) {
    mpt_settings s;
    mpt_stack *st = NULL;
    mpt_local_address a = {.addr = mpt_addr_v4(10, 0, 0, 1), .mtu_bytes = 1500};
    unit_memory_init(memory);
    mpt_settings_default(&s);
    s.seed = seed;
    assert_int_equal(mpt_stack_new(&st, &s, &memory->mem, 0), MPT_OK);
    assert_int_equal(mpt_address_up(st, &a, 0), MPT_OK);
    return st;
}

static mpt_conn *open_one(mpt_stack *st) {
    mpt_endpoint local = {mpt_addr_v4(10, 0, 0, 1), 0}, remote = {mpt_addr_v4(10, 1, 0, 1), 80};
    mpt_conn *c = NULL;
    assert_int_equal(mpt_connect(st, &local, &remote, NULL, 0, &c), MPT_OK);
    return c;
}

static void keys_tokens_and_isns_differ(void **state) {
    (void)state;
    unit_memory memory;
    mpt_stack *st = stack(&memory, 7);
    mpt_conn *c[CONNS];
    for (uint32_t i = 0; i < CONNS; i++) {
        c[i] = open_one(st);
        assert_true(c[i]->key_local != 0 && c[i]->idsn_local != 0);
        for (uint32_t j = 0; j < i; j++) {
            assert_true(c[i]->key_local != c[j]->key_local);
            assert_true(c[i]->token_local != c[j]->token_local);
            assert_true(c[i]->idsn_local != c[j]->idsn_local);
            assert_true(c[i]->subflows[0]->t.iss != c[j]->subflows[0]->t.iss);
        }
        assert_ptr_equal(mpt_conn_find_token(st, c[i]->token_local), c[i]);
    }
    mpt_stack_free(st);
    assert_int_equal(memory.live, 0);
}

static void seed_decides_all(void **state) {
    (void)state;
    unit_memory memory[3];
    mpt_stack *a = stack(&memory[0], 7), *b = stack(&memory[1], 7), *other = stack(&memory[2], 8);
    for (uint32_t i = 0; i < 10; i++) {
        mpt_conn *ca = open_one(a), *cb = open_one(b), *co = open_one(other);
        assert_true(ca->key_local == cb->key_local && ca->subflows[0]->t.iss == cb->subflows[0]->t.iss);
        assert_true(ca->key_local != co->key_local && ca->subflows[0]->t.iss != co->subflows[0]->t.iss);
    }
    mpt_stack_free(a);
    mpt_stack_free(b);
    mpt_stack_free(other);
}

/* The generator is set back, so that it offers the same key once more. */
static void token_in_use_is_not_given_again(void **state) {
    (void)state;
    unit_memory memory;
    mpt_stack *st = stack(&memory, 7);
    uint64_t count = st->random.count;
    mpt_conn *first = open_one(st);
    uint64_t after = st->random.count;
    st->random.count = count;
    mpt_conn *second = open_one(st);
    assert_true(second->key_local != first->key_local && second->token_local != first->token_local);
    EXPECT_U64("one key more was drawn", st->random.count, after + 1);
    assert_ptr_equal(mpt_conn_find_token(st, first->token_local), first);
    assert_ptr_equal(mpt_conn_find_token(st, second->token_local), second);
    mpt_stack_free(st);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_tokens_and_isns_differ),
        cmocka_unit_test(seed_decides_all),
        cmocka_unit_test(token_in_use_is_not_given_again),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
