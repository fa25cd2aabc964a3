/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small window onto a file: the few bytes of a program that matter are read
 * with pread, a page at a time, never mapped (a mapped file that somebody cuts
 * short kills the reader) and never beyond what the file has.
 */
#ifndef PAP_APPLY_WINDOW_H
#define PAP_APPLY_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#define PAP_WINDOW_SIZE 4096

struct pap_window {
	int fd;
	uint64_t start;
	size_t length;
	unsigned char bytes[PAP_WINDOW_SIZE];
};

void pap_window_init(struct pap_window *window, int fd);

/*
 * length bytes at offset, valid until the next call; NULL when the file has not
 * got them (or length is beyond the window's size).
 */
const void *pap_window_get(struct pap_window *window, uint64_t offset, size_t length);

/*
 * As many bytes from offset on as the file has, at most the window's size and
 * at least `wanted` of them when the file has those. *length 0 at the end.
 */
const void *pap_window_rest(struct pap_window *window, uint64_t offset, size_t wanted,
			    size_t *length);

#endif
