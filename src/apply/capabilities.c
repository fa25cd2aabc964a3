/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/capabilities.h"

#include <errno.h>
#include <sys/prctl.h>

#include "kernel/raw.h"
#include "uapi/capability.h"

enum { CAP_SETPCAP_BIT = 8 };

static uint64_t effective(const struct pap_cap_data data[2])
{
	return data[0].effective | (uint64_t)data[1].effective << 32;
}

/*
 * Root is a user like others: executing a program gives it nothing. no_new_privs says
 * so too; this holds without it, and costs one call where emptying the bounding set,
 * which nothing could draw on either, takes eighty.
 */
static int make_root_ordinary(void)
{
	const int wanted = PAP_SECBIT_NOROOT | PAP_SECBIT_NOROOT_LOCKED;
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	if (bits < 0)
		return -errno;
	if ((bits & wanted) == wanted)
		return 0;
	/* locked the other way: only what no_new_privs gives is left */
	if (bits & PAP_SECBIT_NOROOT_LOCKED)
		return 0;
	return prctl(PR_SET_SECUREBITS, (unsigned long)(bits | wanted), 0, 0, 0) < 0 ? -errno : 0;
}

static int drop(uint64_t keep, bool executes)
{
	struct pap_cap_header header = {PAP_CAPABILITY_VERSION_3, 0};
	struct pap_cap_data data[2] = {{0}, {0}};
	int rc = pap_raw_capget(&header, data);

	/* Without CAP_SETPCAP it cannot be said; under no_new_privs nothing is gained from that. */
	if (!rc && executes && effective(data) >> CAP_SETPCAP_BIT & 1)
		rc = make_root_ordinary();
	if (rc < 0)
		return rc;
	if (!(data[0].permitted | data[1].permitted | data[0].inheritable | data[1].inheritable))
		return 0; /* nor can there be ambient ones */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (int i = 0; i < 2; i++) {
		uint32_t mask = (uint32_t)(keep >> (32 * i));

		data[i].permitted &= mask;
		data[i].effective = data[i].permitted;
		data[i].inheritable = data[i].permitted;
	}
	rc = pap_raw_capset(&header, data);
	if (rc < 0)
		return rc;
	/* What an ordinary user keeps survives exec only as ambient capability. */
	for (unsigned cap = 0; cap < 64; cap++)
		if (data[cap / 32].permitted >> (cap % 32) & 1)
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (unsigned long)cap, 0, 0);
	return 0;
}

int pap_capabilities_reduce(uint64_t keep)
{
	return drop(keep, true);
}

int pap_capabilities_drop(uint64_t keep)
{
	return drop(keep, false);
}
