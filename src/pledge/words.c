/* SPDX-License-Identifier: BSD-2-Clause */
#include "pledge/words.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "kernel/raw.h"

enum { BLOCK = 8 }; /* never crosses a page when it is aligned */

int pap_copy_string(char *copy, size_t size, const char *string)
{
	for (size_t i = 0; i < size; i++) {
		if ((i == 0 || (uintptr_t)(string + i) % BLOCK == 0) &&
		    pap_raw_readable(string + i) < 0)
			return -EFAULT;
		copy[i] = string[i];
		if (!copy[i])
			return 0;
	}
	return -ENAMETOOLONG;
}

int pap_parse_promises(const char *text, pap_promises *promises)
{
	pap_promises found = 0;

	for (;;) {
		size_t length;
		int id;

		text += strspn(text, " ");
		length = strcspn(text, " ");
		if (!length)
			break;
		id = pap_promise_find(text, length);
		if (id < 0)
			return -EINVAL;
		found |= (pap_promises)1 << id;
		text += length;
	}
	*promises = found;
	return 0;
}
