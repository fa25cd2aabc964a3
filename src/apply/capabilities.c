/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/capabilities.h"

#include <errno.h>
#include <sys/prctl.h>

#include "kernel/raw.h"
#include "uapi/capability.h"

static uint64_t effective(const struct pap_cap_data data[2])
{
	return data[0].effective | (uint64_t)data[1].effective << 32;
}

bool pap_capabilities_held(void)
{
	struct pap_cap_header header = {PAP_CAPABILITY_VERSION_3, 0};
	struct pap_cap_data data[2] = {{0}, {0}};

	return pap_raw_capget(&header, data) < 0 || effective(data) != 0;
}

int pap_capabilities_reduce(uint64_t keep)
{
	struct pap_cap_header header = {PAP_CAPABILITY_VERSION_3, 0};
	struct pap_cap_data data[2] = {{0}, {0}};
	int rc = pap_raw_capget(&header, data);

	if (rc < 0)
		return rc;
	/* Numbers above the kernel's last one give EINVAL and end the loop. */
	for (unsigned cap = 0; cap < 64; cap++) {
		int held = prctl(PR_CAPBSET_READ, (unsigned long)cap, 0, 0, 0);

		if (held < 0)
			break;
		if (!held || keep >> cap & 1)
			continue;
		/* Without CAP_SETPCAP the set stays; under no_new_privs nothing is gained from it. */
		if (prctl(PR_CAPBSET_DROP, (unsigned long)cap, 0, 0, 0) < 0 && errno != EPERM)
			return -errno;
	}
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
