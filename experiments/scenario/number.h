/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * number.h: numbers as printf's "%.17g" writes them, to the byte, at a small part of its cost: of a short run more than
 * a tenth was that.
 */
#ifndef EXP_NUMBER_H
#define EXP_NUMBER_H

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { NUMBER_BYTES = 32 /**< room for any number and the NUL behind it */ };

/** Write @p value to @p out. @return how many characters it has. */
size_t number_write(char out[NUMBER_BYTES], double value);
/** Print @p value to @p out. */
void number_print(FILE *out, double value);

#ifdef __cplusplus
}
#endif
#endif
