/* SPDX-License-Identifier: BSD-2-Clause */
/* What the functions of <sys/nv.h> have in common. */
#ifndef PAP_NVLIST_PRIVATE_H
#define PAP_NVLIST_PRIVATE_H

#include "nv/nv.h"

/* Duplicates, close-on-exec. Negative errno. */
int pap_nvlist_dup(int descriptor);

/* Closes, errno kept. */
void pap_nvlist_close(int descriptor);

/* The pair, or the end of the process: the program is wrong about its own list. */
struct pap_nv_pair *pap_nvlist_need(const struct nvlist *list, const char *name, int type);

/* The end of the process unless the pair has this type. */
struct pap_nv_pair *pap_nvlist_typed(const void *cookie, int type);

/* Takes the value out and frees the rest of the pair. */
struct pap_nv_value pap_nvlist_take(struct pap_nv_pair *pair);

/* The word is part of function names below, where a macro would be expanded. */
#undef bool
typedef _Bool bool;

/*
 * The table of types, for functions that come once for each: word, type, C type in the
 * list and when it is only looked at, for one value and for those with a count.
 */
#define PAP_NV_SINGLES(X)                                                                          \
	X(bool, PAP_NV_BOOL, bool, bool, boolean)                                                  \
	X(number, PAP_NV_NUMBER, uint64_t, uint64_t, number)                                       \
	X(string, PAP_NV_STRING, char *, const char *, string)                                     \
	X(nvlist, PAP_NV_NVLIST, nvlist_t *, const nvlist_t *, nvlist)                             \
	X(descriptor, PAP_NV_DESCRIPTOR, int, int, descriptor)

#define PAP_NV_COUNTED(X)                                                                          \
	X(binary, PAP_NV_BINARY, void *, const void *)                                             \
	X(bool_array, PAP_NV_BOOL_ARRAY, bool *, const bool *)                                     \
	X(number_array, PAP_NV_NUMBER_ARRAY, uint64_t *, const uint64_t *)                         \
	X(string_array, PAP_NV_STRING_ARRAY, char **, const char *const *)                         \
	X(nvlist_array, PAP_NV_NVLIST_ARRAY, nvlist_t **, const nvlist_t *const *)                 \
	X(descriptor_array, PAP_NV_DESCRIPTOR_ARRAY, int *, const int *)

#endif
