/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of a list that may be missing. */
#ifndef PAPRIKA_SYS_DNV_H
#define PAPRIKA_SYS_DNV_H

#include <sys/nv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The value of that name and type, or the other one when there is none. */
bool dnvlist_get_bool(const nvlist_t *nvl, const char *name, bool otherwise);
uint64_t dnvlist_get_number(const nvlist_t *nvl, const char *name, uint64_t otherwise);
const char *dnvlist_get_string(const nvlist_t *nvl, const char *name, const char *otherwise);
const nvlist_t *dnvlist_get_nvlist(const nvlist_t *nvl, const char *name,
    const nvlist_t *otherwise);
int dnvlist_get_descriptor(const nvlist_t *nvl, const char *name, int otherwise);
const void *dnvlist_get_binary(const nvlist_t *nvl, const char *name, size_t *sizep,
    const void *otherwise, size_t othersize);

/* The same, taken out of the list. */
bool dnvlist_take_bool(nvlist_t *nvl, const char *name, bool otherwise);
uint64_t dnvlist_take_number(nvlist_t *nvl, const char *name, uint64_t otherwise);
char *dnvlist_take_string(nvlist_t *nvl, const char *name, char *otherwise);
nvlist_t *dnvlist_take_nvlist(nvlist_t *nvl, const char *name, nvlist_t *otherwise);
int dnvlist_take_descriptor(nvlist_t *nvl, const char *name, int otherwise);
void *dnvlist_take_binary(nvlist_t *nvl, const char *name, size_t *sizep, void *otherwise,
    size_t othersize);

#ifdef __cplusplus
}
#endif

#endif
