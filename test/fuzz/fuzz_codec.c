/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * fuzz_codec: headers and segments as values. Decoding stays inside its input; what was decoded can be encoded (where it
 * fits) and comes back the same; a sealed segment is verified, and no longer after a bit has flipped.
 * Input: header length, header, then the payload.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A copy that ends where its allocation ends. free() it. */
static uint8_t *exact_copy(const uint8_t *bytes, size_t count) {
    uint8_t *copy = malloc(count > 0 ? count : 1);
    FUZZ_REQUIRE(copy != NULL);
    if (count > 0) {
        memcpy(copy, bytes, count);
    }
    return copy;
}

/** Encode, decode, encode again: the bytes are the same. SACK blocks that find no room are left out. */
static void encoding_is_stable(const mpt_wire *w) {
    uint8_t first[MPT_HEADER_BYTES_MAX], second[MPT_HEADER_BYTES_MAX], first_at, second_at;
    uint32_t bytes = mpt_wire_encode(w, first, &first_at);
    FUZZ_REQUIRE((bytes == 0) == (mpt_wire_option_bytes(w) > 40));
    if (bytes == 0) {
        return;
    }
    FUZZ_REQUIRE(bytes >= 20 && bytes <= 60 && bytes % 4 == 0 && first[12] >> 4 == bytes / 4);
    mpt_wire again;
    memset(&again, 0xa5, sizeof again);
    uint8_t *copy = exact_copy(first, bytes);
    FUZZ_REQUIRE(mpt_wire_decode(&again, copy, bytes) == MPT_OK && !again.is_mptcp_malformed);
    free(copy);
    FUZZ_REQUIRE(again.mptcp == w->mptcp && again.flags == w->flags && again.seq == w->seq && again.ack == w->ack);
    FUZZ_REQUIRE(again.window == w->window && again.source_port == w->source_port && again.sack_count <= w->sack_count);
    FUZZ_REQUIRE(mpt_wire_encode(&again, second, &second_at) == bytes && second_at == first_at);
    FUZZ_REQUIRE(memcmp(first, second, bytes) == 0);
}

static void seal_and_verify(const mpt_segment *in, const uint8_t *payload) {
    mpt_segment s = *in;
    if (s.header_bytes < 20) {
        return;
    }
    memset(s.header + 16, 0, 2);
    mpt_segment_seal(&s, payload);
    s.payload = payload;
    FUZZ_REQUIRE(mpt_segment_verify(&s));
    s.header[4] ^= 1;
    FUZZ_REQUIRE(!mpt_segment_verify(&s));
    s.payload = NULL;
    FUZZ_REQUIRE(mpt_segment_verify(&s)); /* the host vouches */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_bytes in = {data, data + size};
    uint8_t kind = fuzz_u8(&in);
    size_t left = (size_t)(in.end - in.at), header_bytes = kind & 0x7f;
    header_bytes = header_bytes > left ? left : header_bytes;
    uint8_t *header = exact_copy(in.at, header_bytes);
    uint8_t *payload = exact_copy(in.at + header_bytes, left - header_bytes);
    mpt_wire w;
    memset(&w, 0x5a, sizeof w); /* what an absent option leaves alone must not be looked at */
    if (mpt_wire_decode(&w, header, (uint32_t)header_bytes) == MPT_OK) {
        FUZZ_REQUIRE(w.sack_count <= 4 && w.mptcp < 1u << (MPT_MP_TCPRST + 1));
        encoding_is_stable(&w);
    }
    mpt_segment s = {.payload_bytes = (uint32_t)(left - header_bytes)};
    s.source = s.destination = mpt_addr_v4(10, 0, 0, 1);
    if (kind & 0x80) {
        s.source.family = s.destination.family = 6;
    }
    s.header_bytes = (uint8_t)(header_bytes > MPT_HEADER_BYTES_MAX ? MPT_HEADER_BYTES_MAX : header_bytes);
    memcpy(s.header, header, s.header_bytes);
    seal_and_verify(&s, payload);
    free(payload);
    free(header);
    return 0;
}
