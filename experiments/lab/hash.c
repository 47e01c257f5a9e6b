/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hash.h"

#include <errno.h>
#include <stdio.h>

hash_text hash_finish(struct sha256_ctx *sha) {
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    hash_text text = {{0}};
    sha256_digest(sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        text.hex[2 * i] = digits[digest[i] >> 4];
        text.hex[2 * i + 1] = digits[digest[i] & 15];
    }
    return text;
}

hash_text hash_bytes(const void *bytes, size_t count) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, count, bytes);
    return hash_finish(&sha);
}

bool hash_add_file(struct sha256_ctx *sha, const char *path) {
    FILE *file = fopen(path, "rbe");
    if (!file) {
        return false;
    }
    static uint8_t chunk[1 << 16];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) {
        sha256_update(sha, count, chunk);
    }
    int error = ferror(file) ? (errno ? errno : EIO) : 0;
    fclose(file);
    errno = error;
    return error == 0;
}
