/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 as the 64 hexadecimal digits the result store keeps. */
#ifndef LAB_HASH_H
#define LAB_HASH_H

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char hex[2 * SHA256_DIGEST_SIZE + 1];
} hash_text;

hash_text hash_finish(struct sha256_ctx *sha);
hash_text hash_bytes(const void *bytes, size_t count);
bool hash_add_file(struct sha256_ctx *sha, const char *path); /* false with errno set when it cannot be read */

#endif
