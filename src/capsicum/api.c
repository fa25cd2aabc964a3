/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD's functions, in terms of limits. Errors become -1 and errno; success leaves errno alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capsicum.h>

#include "capsicum/enter.h"
#include "capsicum/limit.h"
#include "capsicum/spans.h"
#include "capsicum/rights.h"

static int answer(int rc)
{
	if (rc >= 0)
		return rc;
	errno = -rc;
	return -1;
}

/* A copy, so that what was looked at is what is used. */
static int copy_in(void *to, const void *from, size_t size)
{
	if (!from)
		return -EFAULT;
	memcpy(to, from, size);
	return 0;
}

int cap_enter(void)
{
	int saved = errno, rc = pap_capmode_enter();

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
	if (!mode)
		return answer(-EFAULT);
	*mode = cap_sandboxed();
	return 0;
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
	if (!rights)
		return answer(-EFAULT);
	rc = pap_limits_of(fd, &held);
	errno = saved;
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

	if (!fcntls)
		return answer(-EFAULT);
	rc = pap_limits_of(fd, &held);
	errno = saved;
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
	if (count && !commands)
		return answer(-EFAULT);
	copy = malloc(count ? count * sizeof(*copy) : 1);
	if (!copy)
		return answer(-ENOMEM);
	if (count)
		memcpy(copy, commands, count * sizeof(*copy));
	used = pap_spans_of(copy, count, spans);
	free(copy);
	if (used < 0)
		return answer(used);
	request.asked.nspans = used;
	request.asked.spans = spans;
	return limit(fd, &request);
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
	for (int32_t i = 0; i < held.limits.nspans; i++) {
		for (uint64_t c = held.spans[i].lo; c <= held.spans[i].hi; c++, count++) {
			if (commands && count < most)
				commands[count] = (cap_ioctl_t)c;
			else if (!commands || count >= most) {
				count += held.spans[i].hi - c + 1;
				break;
			}
		}
	}
	return (ssize_t)count;
}
