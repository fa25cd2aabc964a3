/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every fuzz target has: the entry point that libFuzzer calls, and a way to
 * say that a property does not hold, which works with assertions compiled out.
 */
#ifndef PAP_FUZZ_FUZZ_H
#define PAP_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			__builtin_trap();                                                          \
	} while (0)

#endif
