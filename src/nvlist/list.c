/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists as a whole: making, ending, copying, packing, going through them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/nv.h>
#include <unistd.h>

#include "nvlist/private.h"

_Static_assert((int)NV_TYPE_LAST == PAP_NV_DESCRIPTOR_ARRAY && (int)NV_TYPE_FIRST == PAP_NV_NULL &&
	       (int)NV_TYPE_BINARY == PAP_NV_BINARY && (int)NV_NAME_MAX == PAP_NV_NAME_MAX,
	       "the numbers of the wire are those of <sys/nv.h>");

int pap_nvlist_dup(int descriptor)
{
	int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? -errno : copy;
}

void pap_nvlist_close(int descriptor)
{
	int saved = errno;

	close(descriptor);
	errno = saved;
}

/* ---- a program that is wrong --------------------------------------------------------------- */

static void __attribute__((noreturn)) end(const char *name, int type, const char *what)
{
	struct pap_text text = {0};

	pap_text_str(&text, "libnv: the list has no ");
	if (type != PAP_NV_NONE)
		pap_text_printf(&text, "%s ", pap_nv_type_name(type));
	pap_text_printf(&text, "%s \"", what);
	pap_text_escape(&text, name, strlen(name));
	pap_text_str(&text, "\"\n");
	if (!text.failed && write(STDERR_FILENO, text.data, text.length) < 0)
		pap_text_free(&text);
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	__builtin_trap();
}

struct pap_nv_pair *pap_nvlist_need(const struct nvlist *list, const char *name, int type)
{
	struct pap_nv_pair *pair = pap_nv_find(list, name, type);

	if (!pair)
		end(name, type, "element");
	return pair;
}

struct pap_nv_pair *pap_nvlist_typed(const void *cookie, int type)
{
	struct pap_nv_pair *pair = (struct pap_nv_pair *)cookie;

	if (pair->value.type != type)
		end(pair->name, type, "value at");
	return pair;
}

struct pap_nv_value pap_nvlist_take(struct pap_nv_pair *pair)
{
	struct pap_nv_value value = pair->value;

	pap_nv_adopt(&value, NULL);
	pap_nv_remove(pair);
	free(pair);
	return value;
}

/* ---- the list ------------------------------------------------------------------------------ */

nvlist_t *nvlist_create(int flags)
{
	if (flags & ~PAP_NV_PUBLIC_FLAGS) {
		errno = EINVAL;
		return NULL;
	}
	return pap_nv_new((unsigned)flags);
}

void nvlist_destroy(nvlist_t *nvl)
{
	int saved = errno;

	pap_nv_free(nvl, pap_nvlist_close);
	errno = saved;
}

int nvlist_error(const nvlist_t *nvl)
{
	return nvl ? nvl->error : ENOMEM;
}

void nvlist_set_error(nvlist_t *nvl, int error)
{
	if (nvl && !nvl->error)
		nvl->error = error;
}

bool nvlist_empty(const nvlist_t *nvl)
{
	return !nvl->first;
}

int nvlist_flags(const nvlist_t *nvl)
{
	return (int)nvl->flags;
}

nvlist_t *nvlist_clone(const nvlist_t *nvl)
{
	struct nvlist *clone = NULL;
	int result = nvl ? pap_nv_clone(nvl, pap_nvlist_dup, pap_nvlist_close, &clone) : -ENOMEM;

	if (result)
		errno = -result;
	return clone;
}

void nvlist_fdump(const nvlist_t *nvl, FILE *file)
{
	struct pap_text text = {0};

	pap_nv_print(nvl, &text);
	if (text.data)
		fwrite(text.data, 1, text.length, file);
	pap_text_free(&text);
}

void nvlist_dump(const nvlist_t *nvl, int fd)
{
	struct pap_text text = {0};

	pap_nv_print(nvl, &text);
	for (size_t done = 0; done < text.length;) {
		ssize_t wrote = write(fd, text.data + done, text.length - done);

		if (wrote < 0 && errno != EINTR)
			break;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	pap_text_free(&text);
}

/* ---- packed -------------------------------------------------------------------------------- */

size_t nvlist_size(const nvlist_t *nvl)
{
	return pap_nv_size(nvl);
}

void *nvlist_pack(const nvlist_t *nvl, size_t *sizep)
{
	uint8_t *bytes = NULL;
	size_t size;
	int result = nvl ? 0 : -ENOMEM;

	if (!result && !nvl->error && pap_nv_descriptors(nvl))
		result = -EOPNOTSUPP;
	if (!result)
		result = pap_nv_pack(nvl, &bytes, &size);
	if (result) {
		errno = -result;
		return NULL;
	}
	if (sizep)
		*sizep = size;
	return bytes;
}

nvlist_t *nvlist_unpack(const void *buf, size_t size, int flags)
{
	struct nvlist *list = NULL;
	int result = pap_nv_unpack(buf, size, (unsigned)flags, NULL, 0, &list);

	if (!result)
		return list;
	errno = -result;
	return NULL;
}

/* ---- going through ------------------------------------------------------------------------- */

const char *nvlist_next(const nvlist_t *nvl, int *typep, void **cookiep)
{
	struct pap_nv_pair *pair = *cookiep ? ((struct pap_nv_pair *)*cookiep)->next : nvl->first;

	if (!pair)
		return NULL;
	*cookiep = pair;
	if (typep)
		*typep = pair->value.type;
	return pair->name;
}

const nvlist_t *nvlist_get_parent(const nvlist_t *nvl, void **cookiep)
{
	if (!nvl->parent)
		return NULL;
	if (cookiep)
		*cookiep = nvl->parent;
	return nvl->parent->list;
}

const nvlist_t *nvlist_get_array_next(const nvlist_t *nvl)
{
	return nvl->array_next;
}

bool nvlist_in_array(const nvlist_t *nvl)
{
	return nvl->parent && nvl->parent->value.type == PAP_NV_NVLIST_ARRAY;
}

const nvlist_t *nvlist_get_pararr(const nvlist_t *nvl, void **cookiep)
{
	if (!nvl->array_next)
		return nvlist_get_parent(nvl, cookiep);
	if (cookiep)
		*cookiep = NULL;
	return nvl->array_next;
}
