/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * script_host.h: what the player of scripts needs of the host of a stack, and how to start it. Nothing of the core is
 * here: test_scripts drives a core directly (script_core.c), the suite of ns-3 a node.
 */
#ifndef SCRIPT_HOST_H
#define SCRIPT_HOST_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SCRIPT_PORT = 5001, /**< where the passive end listens, the stack or the peer */
    /** Of the stack and of the peer: 10.0.i.1 and 10.1.i.1, from 4 on 2001:db8:i::1 and 2001:db8:10i::1. */
    SCRIPT_ADDRESSES = 6,
    SCRIPT_IPV4_ADDRESSES = 4,
    SCRIPT_NO_ADDRESS = 255,
    SCRIPT_HEADER_BYTES_MAX = 60
};

/** A segment on its way between the stack and the peer, with its payload. */
typedef struct script_packet {
    uint8_t local, peer; /**< indices of the addresses of the stack and of the peer; SCRIPT_NO_ADDRESS = another */
    uint8_t header[SCRIPT_HEADER_BYTES_MAX];
    uint8_t header_bytes;
    uint8_t ecn; /**< of the IP header */
    uint32_t payload_bytes;
    const uint8_t *payload; /**< borrowed until the next call */
} script_packet;

/** The content of streams: the byte at a stream offset, of the stack's stream or the peer's. */
uint8_t script_content(bool is_of_peer, uint64_t stream_offset);

/** What the application was told. A flag is set by the host and cleared by the player. */
typedef struct script_told {
    bool accepted, connected, readable, writable, closed, failed, gone;
    const char *reason; /**< of failed: the name of an mpt_status; NULL = the host is not told */
} script_told;

/** What is said of an address that comes up. */
typedef struct script_address {
    bool is_backup, is_signal, no_subflow;
    uint8_t id;    /**< 0: the stack chooses */
    uint16_t port; /**< announced with it; 0 = none */
} script_address;

/**
 * One stack under test. Times are in nanoseconds since the beginning. Calls of the application concern the script's
 * one connection.
 */
typedef struct script_host {
    void *user;
    int64_t (*now)(void *user);
    /** Let time pass to @p until (may be now), or until a segment is sent. */
    void (*advance)(void *user, int64_t until);
    /** Take the next segment that was sent. @return false: there is none */
    bool (*sent)(void *user, script_packet *out);
    void (*deliver)(void *user, const script_packet *in);
    /**
     * Before anything else: a setting by its name in mpt.h. @param text its value when it is a name. @return false: no
     * such setting
     */
    bool (*set)(void *user, const char *name, int64_t number, const char *text);
    /* The next four return NULL, or what is wrong. */
    const char *(*listen)(void *user);
    const char *(*connect)(void *user);
    const char *(*write)(void *user, uint64_t bytes);
    const char *(*address_up)(void *user, uint32_t index, const script_address *what);
    /** Can it come up? */
    bool (*has_address)(void *user, uint32_t index, const script_address *what);
    /** @return bytes that were read and right, at most @p bytes */
    uint64_t (*read)(void *user, uint64_t bytes);
    uint64_t (*readable)(void *user);
    void (*shutdown)(void *user);
    void (*abort)(void *user);
    void (*release)(void *user); /**< NULL: the host has no such call */
    void (*address_down)(void *user, uint32_t index);
    void (*address_backup)(void *user, uint32_t index, bool is_backup);
    /** @return false: no such counter */
    bool (*counter)(void *user, const char *name, uint64_t *value);
    script_told *told;
    /**
     * Notices that this host's application is never told, or at other times than the core says. Scripts are not asked
     * for them.
     */
    script_told untold;
} script_host;

struct script;
/** Play a script; all steps of it, or until the first that fails, which is then described on standard output. */
bool script_play(const struct script *s, const char *file, const script_host *host, bool is_verbose);
/** @return name of the i-th script of all, or NULL */
const char *script_name(uint32_t i);
/** @return NULL, or what the script of that name wants and the host has not */
const char *script_wants(const char *name, const script_host *host);
/** Play the script of that name; there must be one. */
bool script_play_named(const char *name, const script_host *host, bool is_verbose);

#ifdef __cplusplus
}
#endif
#endif
