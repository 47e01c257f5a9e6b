/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * script_host.h: what the player of scripts needs of the host of a stack, and the player's one function. Nothing here is of
 * the core alone: test_scripts drives a core directly, the suite of ns-3 a node.
 */
#ifndef SCRIPT_HOST_H
#define SCRIPT_HOST_H

#include "mpt.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SCRIPT_PORT = 5001, SCRIPT_ADDRESSES = 6 };

/** Addresses of the stack and of the peer by index: 10.0.index.1 and 10.1.index.1; 4 and 5 are IPv6. */
mpt_addr script_local_addr(uint32_t index);
mpt_addr script_peer_addr(uint32_t index);

/** A segment on its way, with its payload. */
typedef struct script_packet {
    mpt_addr source, destination;
    uint8_t header[MPT_HEADER_BYTES_MAX];
    uint8_t header_bytes, ecn;
    uint32_t payload_bytes;
    const uint8_t *payload; /**< borrowed until the next call */
} script_packet;

/** The content of streams: the byte at a stream offset, of the stack's stream or the peer's. */
uint8_t script_content(bool is_of_peer, uint64_t stream_offset);

/** What the application was told, as far as a script may ask for it. */
typedef struct script_told {
    uint32_t notices;       /**< bit (1 << mpt_notice_kind); cleared by the player */
    mpt_status reason;      /**< of FAILED */
} script_told;

/** One stack under test. Calls of the application concern the script's one connection. */
typedef struct script_host {
    void *user;
    mpt_time (*now)(void *user); /**< since the beginning */
    /** Let time pass to @p until (may be now), or until a segment is sent. */
    void (*advance)(void *user, mpt_time until);
    /** Take the next segment that was sent. @return false: there is none */
    bool (*sent)(void *user, script_packet *out);
    void (*deliver)(void *user, const script_packet *in);
    /** @return false: no such setting */
    bool (*set)(void *user, const char *name, int64_t number, const char *text);
    mpt_status (*listen)(void *user);
    mpt_status (*connect)(void *user);
    mpt_status (*write)(void *user, uint64_t bytes);
    /** @return bytes that were read and right, at most @p bytes */
    uint64_t (*read)(void *user, uint64_t bytes);
    uint64_t (*readable)(void *user);
    void (*shutdown)(void *user);
    void (*abort)(void *user);
    void (*release)(void *user);
    void (*address_up)(void *user, uint32_t index, const mpt_local_address *flags);
    void (*address_down)(void *user, uint32_t index);
    void (*address_backup)(void *user, uint32_t index, bool is_backup);
    /** @return false: no such counter */
    bool (*counter)(void *user, const char *name, uint64_t *value);
    script_told *told;
} script_host;

/** Play a script; all steps of it, or until the first that fails, which is then described on standard output. */
struct script;
bool script_play(const struct script *s, const char *file, const script_host *host, bool is_verbose);

#ifdef __cplusplus
}
#endif
#endif
