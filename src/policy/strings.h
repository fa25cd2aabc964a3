/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory behind a policy: strings that live as long as it does, each stored
 * once, and an index from (kind, bytes) to the number of a list item, so that
 * adding ten thousand grants is not quadratic. Nothing is ever removed.
 */
#ifndef PAP_POLICY_STRINGS_H
#define PAP_POLICY_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pap_key_kind { /* one name space each */
		    PAP_KEY_SOURCE = 1,
		    PAP_KEY_FILE,
		    PAP_KEY_IMPLIED,
		    PAP_KEY_PORT,
		    PAP_KEY_ENV,
		    PAP_KEY_FD,
		    PAP_KEY_HIDDEN,
		    PAP_KEY_CAPABILITY,
		    PAP_KEY_WAIVER,
};

struct pap_strings;

struct pap_strings *pap_strings_new(void);
void pap_strings_free(struct pap_strings *strings);

struct pap_key {           /* a stored key */
	const char *bytes; /* copy, terminated */
	uint32_t value;
};

const struct pap_key *pap_strings_find(const struct pap_strings *strings, enum pap_key_kind kind,
				       const void *bytes, size_t length);

/* Adds a key that is not there yet; NULL when out of memory. */
const struct pap_key *pap_strings_add(struct pap_strings *strings, enum pap_key_kind kind,
				      const void *bytes, size_t length, uint32_t value);

/* A copy without an index entry; NULL when out of memory. */
char *pap_strings_copy(struct pap_strings *strings, const void *bytes, size_t length);

#endif
