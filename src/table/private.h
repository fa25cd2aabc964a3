/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the generated tables.c and the lookup functions of this folder share.
 * Nobody else includes it.
 */
#ifndef PAP_TABLE_PRIVATE_H
#define PAP_TABLE_PRIVATE_H

#include "table/table.h"

/* Names are offsets, not pointers: a thousand relocations less when a program starts. */
struct pap_constant {
	uint32_t name; /* in pap_constant_names */
	uint64_t value[PAP_ARCH_COUNT];
};

extern const char pap_constant_names[];
extern const struct pap_constant pap_constant_table[]; /* sorted by name */
extern const unsigned pap_constant_count;

extern const uint8_t pap_type_bits[]; /* by enum pap_arg_type */
extern const unsigned pap_type_count;

/* Row of pap_syscall_table for each number, -1 for none. */
extern const int16_t pap_number_index[PAP_ARCH_COUNT][PAP_NUMBER_LIMIT];

#endif
