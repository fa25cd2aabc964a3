/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of names and values as libnv has them, and their form on the wire. This layer
 * keeps descriptors as numbers: whoever owns them passes the functions that copy and
 * close them, and NULL when they belong to somebody else.
 */
#ifndef PAP_NV_NV_H
#define PAP_NV_NV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum {
	PAP_NV_NAME_MAX = 2048, /* with its end */
	PAP_NV_DEPTH_MAX = 256, /* lists inside of lists that are packed and unpacked */
};

/* The numbers are those of the wire. */
enum pap_nv_type {
	PAP_NV_NONE,
	PAP_NV_NULL,
	PAP_NV_BOOL,
	PAP_NV_NUMBER,
	PAP_NV_STRING,
	PAP_NV_NVLIST,
	PAP_NV_DESCRIPTOR,
	PAP_NV_BINARY,
	PAP_NV_BOOL_ARRAY,
	PAP_NV_NUMBER_ARRAY,
	PAP_NV_STRING_ARRAY,
	PAP_NV_NVLIST_ARRAY,
	PAP_NV_DESCRIPTOR_ARRAY,
	PAP_NV_TYPES,
	PAP_NV_NEXT = 254, /* ends a list in an array */
	PAP_NV_UP = 255,   /* ends a list in a list */
};

enum { PAP_NV_IGNORE_CASE = 1, PAP_NV_NO_UNIQUE = 2, PAP_NV_PUBLIC_FLAGS = 3 };

struct nvlist; /* the name that programs see */

struct pap_nv_value {
	uint8_t type;
	size_t count; /* items of an array, bytes of a binary */
	union {
		bool boolean;
		uint64_t number;
		int descriptor;
		char *string;
		struct nvlist *nvlist;
		void *binary;
		bool *bool_array;
		uint64_t *number_array;
		char **string_array;
		struct nvlist **nvlist_array;
		int *descriptor_array;
	};
};

struct pap_nv_pair {
	struct pap_nv_pair *next, *previous; /* in the order of adding */
	struct pap_nv_pair *chain_next, *chain_previous;
	struct nvlist *list;
	uint32_t hash;
	struct pap_nv_value value;
	char name[];
};

struct pap_nv_chain {
	struct pap_nv_pair *first, *last;
};

struct nvlist {
	int error; /* errno value of the first operation that failed */
	unsigned flags;
	size_t count;
	struct pap_nv_pair *first, *last;
	struct pap_nv_chain *chains; /* NULL while there are few pairs */
	size_t nchains;		     /* a power of two */
	struct pap_nv_pair *parent;  /* whose value this list is, or is part of */
	struct nvlist *array_next;
};

typedef void pap_nv_drop(int descriptor);
typedef int pap_nv_copy(int descriptor); /* negative errno on failure */

/* ---- lists (list.c) ------------------------------------------------------------------------ */

/* NULL: out of memory. */
struct nvlist *pap_nv_new(unsigned flags);
void pap_nv_free(struct nvlist *list, pap_nv_drop *drop);

/* A pair that belongs to no list yet; the value becomes part of it. NULL: out of memory. */
struct pap_nv_pair *pap_nv_pair(const char *name, const struct pap_nv_value *value);

/* Frees a pair and its value. */
void pap_nv_pair_free(struct pap_nv_pair *pair, pap_nv_drop *drop);

/* -EEXIST: the name is taken. */
int pap_nv_insert(struct nvlist *list, struct pap_nv_pair *pair);

/* Takes the pair out of its list. */
void pap_nv_remove(struct pap_nv_pair *pair);

/* The first pair with this name; PAP_NV_NONE: of any type. */
struct pap_nv_pair *pap_nv_find(const struct nvlist *list, const char *name, int type);

/* ---- values (value.c) ---------------------------------------------------------------------- */

/* False: a NULL pointer, or an array or binary without items. */
bool pap_nv_value_valid(const struct pap_nv_value *value);

void pap_nv_value_free(struct pap_nv_value *value, pap_nv_drop *drop);

/* -ENOMEM, an error of a list inside, or what copy returns. */
int pap_nv_value_copy(struct pap_nv_value *to, const struct pap_nv_value *from, pap_nv_copy *copy,
		      pap_nv_drop *drop);

/* The same pairs in a list of their own. Negative errno: -ENOMEM, the list's own error... */
int pap_nv_clone(const struct nvlist *list, pap_nv_copy *copy, pap_nv_drop *drop,
		 struct nvlist **clone);

/* Lists inside know the pair that they are the value of; NULL: of none any more. */
void pap_nv_adopt(struct pap_nv_value *value, struct pap_nv_pair *parent);

/* ---- the wire (pack.c, unpack.c) ----------------------------------------------------------- */

enum { PAP_NV_HEADER = 19, PAP_NV_PAIR_HEADER = 19 };

/* What the first bytes of a packed list say. */
struct pap_nv_header {
	uint8_t flags;
	bool big_endian;
	uint64_t descriptors;
	uint64_t size; /* of everything behind the header */
};

/* -EINVAL: no such header. */
int pap_nv_header_read(const uint8_t bytes[PAP_NV_HEADER], struct pap_nv_header *header);

size_t pap_nv_size(const struct nvlist *list);

/* How many descriptors there are, those of lists inside too; -1 is none. */
size_t pap_nv_descriptors(const struct nvlist *list);

/* Writes their numbers in the order of the wire. */
void pap_nv_collect(const struct nvlist *list, int *descriptors);

/*
 * The list's bytes, to be freed with free(). -ENOMEM; -E2BIG: lists inside lists too
 * deep; the list's own error.
 */
int pap_nv_pack(const struct nvlist *list, uint8_t **bytes, size_t *size);

/*
 * Reads a whole packed list. descriptors stand for the places that it names; each can be
 * taken once, and is -1 afterwards. -EINVAL: malformed, -EILSEQ: its flags are not
 * these, -EEXIST: a name twice, -ENOMEM. After a failure all descriptors are the caller's
 * again.
 */
int pap_nv_unpack(const uint8_t *bytes, size_t size, unsigned flags, int *descriptors,
		  size_t ndescriptors, struct nvlist **list);

/* ---- for people (print.c) ------------------------------------------------------------------ */

const char *pap_nv_type_name(int type);
void pap_nv_print(const struct nvlist *list, struct pap_text *text);

#endif
