/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mbx_edits.h: a byte stream in which a box replaces pieces by others of another length, as an FTP application-level
 * gateway does with addresses, and what that does to the stream's numbers.
 *
 * Old offsets count the bytes that the sender sent, new offsets those that leave the box. The translation depends on
 * the offset only, so that bytes that are sent again, in segments of whatever size, come out as they did before.
 */
#ifndef MBX_EDITS_H
#define MBX_EDITS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** At old offsets position, position + interval, ... @c removed bytes make way for @c inserted other ones. */
typedef struct mbx_edits {
    int64_t position;
    int64_t interval;  /**< at least @c removed; 0 = there is one edit only */
    uint32_t removed;  /**< at least 1 */
    uint32_t inserted; /**< at least 1: data without a byte left would never be acknowledged */
    int64_t end;       /**< old offset of the stream's end; INT64_MAX while it is not known. No edit goes beyond it */
} mbx_edits;

/** @return the new offset of old offset @p old; inside of an edit that of what replaces the bytes before it. */
int64_t mbx_edits_forward(const mbx_edits *e, int64_t old);

/** @return the greatest old offset that mbx_edits_forward() puts at or below @p renewed. */
int64_t mbx_edits_backward(const mbx_edits *e, int64_t renewed);

/**
 * Edit the piece of the stream from old offset @p old on: inserted bytes are inverted ones of the piece.
 * @param out gets mbx_edits_forward(old + byte_count) - mbx_edits_forward(old) bytes
 */
void mbx_edits_apply(const mbx_edits *e, int64_t old, const uint8_t *bytes, uint32_t byte_count, uint8_t *out);

#ifdef __cplusplus
}
#endif
#endif
