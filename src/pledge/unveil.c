/* SPDX-License-Identifier: BSD-2-Clause */
/* unveil(): what it answers, in OpenBSD's order. */
#include <errno.h>
#include <limits.h>
#include <pledge.h>

#include "pledge/state.h"
#include "pledge/veil.h"
#include "pledge/violation.h"
#include "pledge/words.h"

/* The kernel does not know this call, so that the library must say that it is forbidden. */
static int forbidden(void)
{
	const struct pap_pledge_state *now = &pap_pledge;

	if (!now->pledged || (now->promises & PAP_PROMISE_BIT(unveil)))
		return 0;
	if (now->promises & PAP_PROMISE_BIT(error))
		return -ENOSYS;
	pap_violation("unveil", "unveil");
}

static int lock_up(void)
{
	int rc = pap_pledge_lock_veil();

	if (!rc)
		pap_pledge.locked = true;
	return rc;
}

static int collect(const char *path, const char *permissions)
{
	char name[PATH_MAX], letters[5];
	unsigned bits;
	int rc = pap_copy_string(letters, sizeof(letters), permissions);

	if (!rc)
		rc = pap_copy_string(name, sizeof(name), path);
	if (!rc)
		rc = pap_veil_letters(letters, &bits);
	if (!rc && !*name)
		rc = -EINVAL;
	/* Nobody shall rely on what could never be enforced. */
	if (!rc && !pap_pledge_features()->landlock_abi)
		rc = -ENOSYS;
	if (!rc)
		rc = pap_veil_collect(name, bits);
	if (!rc)
		pap_pledge.unveiled = true;
	return rc;
}

static int change(const char *path, const char *permissions)
{
	int rc = forbidden();

	if (rc < 0)
		return rc;
	if (pap_pledge.locked)
		return path || permissions ? -EPERM : 0;
	if (!path && !permissions)
		return lock_up();
	if (!path || !permissions)
		return -EFAULT;
	return collect(path, permissions);
}

int unveil(const char *path, const char *permissions)
{
	int saved = errno, rc;

	pap_pledge_lock();
	rc = change(path, permissions);
	pap_pledge_unlock();
	errno = rc < 0 ? -rc : saved;
	return rc < 0 ? -1 : 0;
}
