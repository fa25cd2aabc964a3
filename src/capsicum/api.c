/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD's functions, in terms of limits. Errors become -1 and errno; success leaves errno alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capsicum.h>

#include "capsicum/enter.h"
#include "capsicum/limit.h"
#include "capsicum/rights.h"
#include "capsicum/spans.h"
#include "kernel/raw.h"

static int answer(int rc)
{
	if (rc >= 0)
		return rc;
	errno = -rc;
	return -1;
}

/*
 * A pointer that leads nowhere is an error, as it is for a kernel. Every page is tried,
 * and the end.
 */
enum { PAGE = 4096 };

static int readable(const void *from, size_t size)
{
	const char *at = from;
	int saved = errno, rc = size && !from ? -EFAULT : 0;

	for (size_t i = 0; i < size && !rc; i += PAGE)
		rc = pap_raw_readable(at + i);
	if (size && !rc)
		rc = pap_raw_readable(at + size - 1);
	errno = saved;
	return rc;
}

static int writable(void *to, size_t size)
{
	char *at = to;
	int saved = errno, rc = size && !to ? -EFAULT : 0;

	for (size_t i = 0; i < size && !rc; i += PAGE)
		rc = pap_raw_writable(at + i);
	if (size && !rc)
		rc = pap_raw_writable(at + size - sizeof(uint32_t));
	errno = saved;
	return rc;
}

/* A copy, so that what was looked at is what is used. */
static int copy_in(void *to, const void *from, size_t size)
{
	int rc = readable(from, size);

	if (!rc)
		memcpy(to, from, size);
	return rc;
}

int pap_session_kept = -1;

static int give_up_kept(void)
{
	cap_rights_t none;

	if (pap_session_kept < 0)
		return 0;
	cap_rights_init(&none);
	/* Who closed it has nothing to give up. */
	return cap_rights_limit(pap_session_kept, &none) < 0 && errno != EBADF ? -errno : 0;
}

int cap_enter(void)
{
	int saved = errno, rc = give_up_kept();

	if (!rc)
		rc = pap_capmode_enter();
	errno = saved;
	return answer(rc);
}

bool cap_sandboxed(void)
{
	int saved = errno;
	bool entered = pap_capmode_entered();

	errno = saved;
	return entered;
}

int cap_getmode(unsigned int *mode)
{
	unsigned int entered = cap_sandboxed();
	int rc = writable(mode, sizeof(*mode));

	if (!rc)
		*mode = entered;
	return answer(rc);
}

static int limit(int fd, const struct pap_limit_request *request)
{
	int saved = errno, rc = pap_limit(fd, request);

	errno = saved;
	return answer(rc);
}

int cap_rights_limit(int fd, const cap_rights_t *rights)
{
	struct pap_limit_request request = {.given = PAP_GIVEN_RIGHTS};
	cap_rights_t copy;
	int rc = copy_in(&copy, rights, sizeof(copy));

	if (!rc)
		rc = pap_rights_from_set(&copy, &request.asked.rights);
	return rc ? answer(rc) : limit(fd, &request);
}

int __cap_rights_get(int version, int fd, cap_rights_t *rights)
{
	struct pap_held held;
	int saved = errno, rc;

	if (version != CAP_RIGHTS_VERSION_00)
		return answer(-EINVAL);
	rc = pap_limits_of(fd, &held);
	errno = saved;
	if (!rc)
		rc = writable(rights, sizeof(*rights));
	if (!rc)
		pap_rights_to_set(held.limits.rights, rights);
	return answer(rc);
}

int cap_fcntls_limit(int fd, uint32_t fcntls)
{
	const struct pap_limit_request request = {.given = PAP_GIVEN_FCNTLS,
						  .asked.fcntls = fcntls};

	return fcntls & ~(uint32_t)CAP_FCNTL_ALL ? answer(-EINVAL) : limit(fd, &request);
}

int cap_fcntls_get(int fd, uint32_t *fcntls)
{
	struct pap_held held;
	int saved = errno, rc;

	rc = pap_limits_of(fd, &held);
	errno = saved;
	if (!rc)
		rc = writable(fcntls, sizeof(*fcntls));
	if (!rc)
		*fcntls = held.limits.fcntls;
	return answer(rc);
}

/* ---- lists of commands -------------------------------------------------------------------------
 */

int cap_ioctls_limit(int fd, const cap_ioctl_t *commands, size_t count)
{
	struct pap_limit_request request = {.given = PAP_GIVEN_IOCTLS};
	struct pap_span spans[PAP_SPANS_MAX];
	cap_ioctl_t *copy;
	int used;

	if (count > 1u << 20)
		return answer(-EINVAL);
	copy = malloc(count ? count * sizeof(*copy) : 1);
	if (!copy)
		return answer(-ENOMEM);
	used = copy_in(copy, commands, count * sizeof(*copy));
	if (!used)
		used = pap_spans_of(copy, count, spans);
	free(copy);
	if (used < 0)
		return answer(used);
	request.asked.nspans = used;
	request.asked.spans = spans;
	return limit(fd, &request);
}

static void store_spans(const struct pap_held *held, cap_ioctl_t *commands, uint64_t most)
{
	uint64_t stored = 0;

	for (int32_t i = 0; i < held->limits.nspans; i++)
		for (uint64_t c = held->spans[i].lo; c <= held->spans[i].hi; c++) {
			if (stored == most)
				return;
			commands[stored++] = (cap_ioctl_t)c;
		}
}

ssize_t cap_ioctls_get(int fd, cap_ioctl_t *commands, size_t most)
{
	struct pap_held held;
	int saved = errno, rc = pap_limits_of(fd, &held);
	uint64_t count = 0;

	errno = saved;
	if (rc < 0)
		return answer(rc);
	if (held.limits.nspans < 0)
		return CAP_IOCTLS_ALL;
	for (int32_t i = 0; i < held.limits.nspans; i++)
		count += (uint64_t)held.spans[i].hi - held.spans[i].lo + 1;
	if (!commands)
		return (ssize_t)count;
	if (most > count)
		most = count;
	rc = writable(commands, most * sizeof(*commands));
	if (rc < 0)
		return answer(rc);
	store_spans(&held, commands, most);
	return (ssize_t)count;
}
