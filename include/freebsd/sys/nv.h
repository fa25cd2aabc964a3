/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of names and values that can be sent to another process, descriptors included:
 * FreeBSD's libnv, described in nv(3). A list belongs to one thread at a time.
 */
#ifndef PAPRIKA_SYS_NV_H
#define PAPRIKA_SYS_NV_H

#include <sys/nv_namespace.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NV_NAME_MAX 2048

#define NV_TYPE_NONE 0
#define NV_TYPE_NULL 1
#define NV_TYPE_BOOL 2
#define NV_TYPE_NUMBER 3
#define NV_TYPE_STRING 4
#define NV_TYPE_NVLIST 5
#define NV_TYPE_DESCRIPTOR 6
#define NV_TYPE_BINARY 7
#define NV_TYPE_BOOL_ARRAY 8
#define NV_TYPE_NUMBER_ARRAY 9
#define NV_TYPE_STRING_ARRAY 10
#define NV_TYPE_NVLIST_ARRAY 11
#define NV_TYPE_DESCRIPTOR_ARRAY 12
#define NV_TYPE_FIRST NV_TYPE_NULL
#define NV_TYPE_LAST NV_TYPE_DESCRIPTOR_ARRAY

#define NV_FLAG_IGNORE_CASE 0x01 /* letters of ASCII are the same in both cases */
#define NV_FLAG_NO_UNIQUE 0x02	 /* a name may come several times */

typedef struct nvlist nvlist_t;

/* ---- lists --------------------------------------------------------------------------------- */

/* NV_FLAG_IGNORE_CASE, NV_FLAG_NO_UNIQUE or 0. NULL: errno. */
nvlist_t *nvlist_create(int flags);

/* Closes descriptors that are in it. NULL is allowed, and errno kept. */
void nvlist_destroy(nvlist_t *nvl);

/* The errno value of the first operation that failed, ENOMEM for NULL, or 0. */
int nvlist_error(const nvlist_t *nvl);
void nvlist_set_error(nvlist_t *nvl, int error);
bool nvlist_empty(const nvlist_t *nvl);
int nvlist_flags(const nvlist_t *nvl);

/* Descriptors are duplicated. NULL: errno. */
nvlist_t *nvlist_clone(const nvlist_t *nvl);
void nvlist_dump(const nvlist_t *nvl, int fd);
void nvlist_fdump(const nvlist_t *nvl, FILE *file);

/* ---- the wire ------------------------------------------------------------------------------ */

size_t nvlist_size(const nvlist_t *nvl);

/* To be freed with free(3). NULL: errno, EOPNOTSUPP when there are descriptors. */
void *nvlist_pack(const nvlist_t *nvl, size_t *sizep);

/* NULL: EINVAL malformed, EEXIST a name twice, EILSEQ other flags, ENOMEM. */
nvlist_t *nvlist_unpack(const void *buf, size_t size, int flags);

/* Over a stream socket of the local family. 0, or -1 and errno. */
int nvlist_send(int sock, const nvlist_t *nvl);

/* NULL: errno as for nvlist_unpack, ENOTCONN at the end, or what recvmsg(2) says. */
nvlist_t *nvlist_recv(int sock, int flags);

/* Sends and destroys the list, then receives another one. */
nvlist_t *nvlist_xfer(int sock, nvlist_t *nvl, int flags);

/* ---- going through ------------------------------------------------------------------------- */

/* The first name when *cookiep is NULL, then the next; NULL: no more. typep may be NULL. */
const char *nvlist_next(const nvlist_t *nvl, int *typep, void **cookiep);
const nvlist_t *nvlist_get_parent(const nvlist_t *nvl, void **cookiep);
const nvlist_t *nvlist_get_array_next(const nvlist_t *nvl);
bool nvlist_in_array(const nvlist_t *nvl);

/* The next list of an array, with *cookiep NULL, or else the parent. */
const nvlist_t *nvlist_get_pararr(const nvlist_t *nvl, void **cookiep);

/* ---- names --------------------------------------------------------------------------------- */

bool nvlist_exists(const nvlist_t *nvl, const char *name);
bool nvlist_exists_type(const nvlist_t *nvl, const char *name, int type);
bool nvlist_exists_null(const nvlist_t *nvl, const char *name);
bool nvlist_exists_bool(const nvlist_t *nvl, const char *name);
bool nvlist_exists_number(const nvlist_t *nvl, const char *name);
bool nvlist_exists_string(const nvlist_t *nvl, const char *name);
bool nvlist_exists_nvlist(const nvlist_t *nvl, const char *name);
bool nvlist_exists_descriptor(const nvlist_t *nvl, const char *name);
bool nvlist_exists_binary(const nvlist_t *nvl, const char *name);
bool nvlist_exists_bool_array(const nvlist_t *nvl, const char *name);
bool nvlist_exists_number_array(const nvlist_t *nvl, const char *name);
bool nvlist_exists_string_array(const nvlist_t *nvl, const char *name);
bool nvlist_exists_nvlist_array(const nvlist_t *nvl, const char *name);
bool nvlist_exists_descriptor_array(const nvlist_t *nvl, const char *name);

/*
 * Adds a copy. What goes wrong stays in the list: nvlist_error tells, and sending or
 * packing the list fails. Descriptors are duplicated.
 */
void nvlist_add_null(nvlist_t *nvl, const char *name);
void nvlist_add_bool(nvlist_t *nvl, const char *name, bool value);
void nvlist_add_number(nvlist_t *nvl, const char *name, uint64_t value);
void nvlist_add_string(nvlist_t *nvl, const char *name, const char *value);
void nvlist_add_nvlist(nvlist_t *nvl, const char *name, const nvlist_t *value);
void nvlist_add_descriptor(nvlist_t *nvl, const char *name, int value);
void nvlist_add_binary(nvlist_t *nvl, const char *name, const void *value, size_t size);
void nvlist_add_stringf(nvlist_t *nvl, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void nvlist_add_stringv(nvlist_t *nvl, const char *name, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
void nvlist_add_bool_array(nvlist_t *nvl, const char *name, const bool *value, size_t nitems);
void nvlist_add_number_array(nvlist_t *nvl, const char *name, const uint64_t *value, size_t nitems);
void nvlist_add_string_array(nvlist_t *nvl, const char *name, const char *const *value,
    size_t nitems);
void nvlist_add_nvlist_array(nvlist_t *nvl, const char *name, const nvlist_t *const *value,
    size_t nitems);
void nvlist_add_descriptor_array(nvlist_t *nvl, const char *name, const int *value, size_t nitems);

/* One more item at the end of an array, which is made when there is none. */
void nvlist_append_bool_array(nvlist_t *nvl, const char *name, bool value);
void nvlist_append_number_array(nvlist_t *nvl, const char *name, uint64_t value);
void nvlist_append_string_array(nvlist_t *nvl, const char *name, const char *value);
void nvlist_append_nvlist_array(nvlist_t *nvl, const char *name, const nvlist_t *value);
void nvlist_append_descriptor_array(nvlist_t *nvl, const char *name, int value);

/* Adds the value itself, which belongs to the list from then on, also when this fails. */
void nvlist_move_string(nvlist_t *nvl, const char *name, char *value);
void nvlist_move_nvlist(nvlist_t *nvl, const char *name, nvlist_t *value);
void nvlist_move_descriptor(nvlist_t *nvl, const char *name, int value);
void nvlist_move_binary(nvlist_t *nvl, const char *name, void *value, size_t size);
void nvlist_move_bool_array(nvlist_t *nvl, const char *name, bool *value, size_t nitems);
void nvlist_move_number_array(nvlist_t *nvl, const char *name, uint64_t *value, size_t nitems);
void nvlist_move_string_array(nvlist_t *nvl, const char *name, char **value, size_t nitems);
void nvlist_move_nvlist_array(nvlist_t *nvl, const char *name, nvlist_t **value, size_t nitems);
void nvlist_move_descriptor_array(nvlist_t *nvl, const char *name, int *value, size_t nitems);

/* The value, which stays the list's. A name that is missing or of another type ends the
 * process with SIGABRT. */
bool nvlist_get_bool(const nvlist_t *nvl, const char *name);
uint64_t nvlist_get_number(const nvlist_t *nvl, const char *name);
const char *nvlist_get_string(const nvlist_t *nvl, const char *name);
const nvlist_t *nvlist_get_nvlist(const nvlist_t *nvl, const char *name);
int nvlist_get_descriptor(const nvlist_t *nvl, const char *name);
const void *nvlist_get_binary(const nvlist_t *nvl, const char *name, size_t *sizep);
const bool *nvlist_get_bool_array(const nvlist_t *nvl, const char *name, size_t *nitemsp);
const uint64_t *nvlist_get_number_array(const nvlist_t *nvl, const char *name, size_t *nitemsp);
const char *const *nvlist_get_string_array(const nvlist_t *nvl, const char *name, size_t *nitemsp);
const nvlist_t *const *nvlist_get_nvlist_array(const nvlist_t *nvl, const char *name,
    size_t *nitemsp);
const int *nvlist_get_descriptor_array(const nvlist_t *nvl, const char *name, size_t *nitemsp);

/* The value, which is the caller's from then on. */
bool nvlist_take_bool(nvlist_t *nvl, const char *name);
uint64_t nvlist_take_number(nvlist_t *nvl, const char *name);
char *nvlist_take_string(nvlist_t *nvl, const char *name);
nvlist_t *nvlist_take_nvlist(nvlist_t *nvl, const char *name);
int nvlist_take_descriptor(nvlist_t *nvl, const char *name);
void *nvlist_take_binary(nvlist_t *nvl, const char *name, size_t *sizep);
bool *nvlist_take_bool_array(nvlist_t *nvl, const char *name, size_t *nitemsp);
uint64_t *nvlist_take_number_array(nvlist_t *nvl, const char *name, size_t *nitemsp);
char **nvlist_take_string_array(nvlist_t *nvl, const char *name, size_t *nitemsp);
nvlist_t **nvlist_take_nvlist_array(nvlist_t *nvl, const char *name, size_t *nitemsp);
int *nvlist_take_descriptor_array(nvlist_t *nvl, const char *name, size_t *nitemsp);

/* Takes the name out and frees the value. */
void nvlist_free(nvlist_t *nvl, const char *name);
void nvlist_free_type(nvlist_t *nvl, const char *name, int type);
void nvlist_free_null(nvlist_t *nvl, const char *name);
void nvlist_free_bool(nvlist_t *nvl, const char *name);
void nvlist_free_number(nvlist_t *nvl, const char *name);
void nvlist_free_string(nvlist_t *nvl, const char *name);
void nvlist_free_nvlist(nvlist_t *nvl, const char *name);
void nvlist_free_descriptor(nvlist_t *nvl, const char *name);
void nvlist_free_binary(nvlist_t *nvl, const char *name);
void nvlist_free_bool_array(nvlist_t *nvl, const char *name);
void nvlist_free_number_array(nvlist_t *nvl, const char *name);
void nvlist_free_string_array(nvlist_t *nvl, const char *name);
void nvlist_free_nvlist_array(nvlist_t *nvl, const char *name);
void nvlist_free_descriptor_array(nvlist_t *nvl, const char *name);

#ifdef __cplusplus
}
#endif

#endif
