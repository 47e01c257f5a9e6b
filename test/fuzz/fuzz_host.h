/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * fuzz_host.h: bytes to events: a stack with its application, driven by the fuzzer's bytes. Holds the core to what mpt.h
 * promises a host; mpt_stack_check() follows every event.
 */
#ifndef FUZZ_HOST_H
#define FUZZ_HOST_H

#include "fuzz_bytes.h"
#include "stack/mpt_stack.h"
#include "sim_memory.h"

#define FUZZ_REQUIRE(x) ((x) ? (void)0 : mpt_assert_failed(#x, __FILE__, __LINE__))

enum { FUZZ_CONNS_MAX = 8, FUZZ_LISTENERS = 2, FUZZ_PORT = 5000, FUZZ_ADDRESSES = 4 };

/** What the application knows of a connection. */
typedef struct fuzz_conn {
    mpt_conn *conn;            /**< NULL: free place */
    uint64_t written, dropped; /**< stream bytes written; those whose store was given back */
    uint32_t receive_buffer_bytes;
    bool is_told, is_ended, is_failed, is_closed, is_released;
} fuzz_conn;

typedef struct fuzz_host {
    int side; /**< 0 or 1; which addresses are its own */
    sim_memory memory;
    mpt_settings settings;
    mpt_stack *stack;
    mpt_listener *listener[FUZZ_LISTENERS];
    fuzz_conn conns[FUZZ_CONNS_MAX];
    mpt_time now;
    bool has_payload; /**< hands payload and checksums to its core */
    /** Called with each segment that leaves. */
    void (*send)(struct fuzz_host *h, const mpt_segment *s);
    void *user;
} fuzz_host;

/** Address @p index of a side; the odd ones are IPv6. */
mpt_addr fuzz_address(int side, uint32_t index);
/** Settings by the bytes, a stack, its addresses, one listener. @return false when the settings were refused */
bool fuzz_host_open(fuzz_host *h, int side, fuzz_bytes *in);
/** The application, the addresses, the memory or the clock do something. */
void fuzz_host_event(fuzz_host *h, fuzz_bytes *in);
/** @return what the core wants stored. */
mpt_store fuzz_host_receive(fuzz_host *h, const mpt_segment *in);
/** Time passes up to @p now; the timer is called when it is due. */
void fuzz_host_time(fuzz_host *h, mpt_time now);
/** Transmit, poll and trace until nothing is left, then check. */
void fuzz_host_settle(fuzz_host *h);
/** Frees the stack; it must have given all memory back. */
void fuzz_host_close(fuzz_host *h);

/** Byte @p offset of the stream that connections of this side write. */
uint8_t fuzz_pattern(int side, uint64_t offset);

#endif
