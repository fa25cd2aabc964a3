/* SPDX-License-Identifier: BSD-2-Clause */
/* Landlock alone; and a strict allow-list above it. */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "compare/model.h"
#include "kernel/raw.h"

#define ALL_FILES(abi)                                                                             \
	((abi) < 2 ? 0x1fffull : (abi) < 3 ? 0x3fffull : (abi) < 5 ? 0x7fffull                     \
	 : (abi) < 9						? 0xffffull : 0x1ffffull)
#define ALL_PORTS(abi) ((abi) < 4 ? 0ull : (abi) < 10 ? 3ull : 15ull)

PAP_LINES_BEGIN(landlock);
static int confine(int names)
{
	int abi = pap_raw_landlock_create_ruleset(NULL, 0, 1);
	struct pap_ll_ruleset_attr all = {.handled_access_fs = ALL_FILES(abi),
					  .handled_access_net = ALL_PORTS(abi),
					  .scoped = abi < 6 ? 0 : 3};
	struct pap_ll_path_beneath_attr rule = {.parent_fd = names};
	int ruleset, rc;

	rule.allowed_access = PAP_LL_FS_READ_FILE | PAP_LL_FS_READ_DIR;
	if (abi < 0)
		return abi;
	ruleset = pap_raw_landlock_create_ruleset(&all, sizeof(all), 0);
	rc = ruleset < 0 ? ruleset
			 : pap_raw_landlock_add_rule(ruleset, PAP_LL_RULE_PATH_BENEATH, &rule, 0);
	if (rc == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		rc = -errno;
	if (rc == 0)
		rc = pap_raw_landlock_restrict_self(ruleset, 0);
	if (ruleset >= 0)
		close(ruleset);
	return rc;
}
PAP_LINES_END(landlock);

int pap_model_landlock(const struct pap_scene *scene, struct pap_error *err)
{
	int rc = confine(PAP_FD_NAMES);

	(void)scene;
	return rc < 0 ? pap_fail(err, rc, "Landlock: %s", strerror(-rc)) : 0;
}

#define FILES_AND_OTHERS                                                                           \
	(PAP_ABOUT_PATHS | PAP_ABOUT_TCP | PAP_ABOUT_LOCAL | PAP_ABOUT_SIGNALS |                   \
	 PAP_ABOUT_PROCESSES | PAP_ABOUT_EXECUTION)

const struct pap_model pap_model_landlock_alone = {
    .name = "landlock",
    .title = "Landlock alone",
    .about = "Files by the place where they really are, TCP ports, signals: judged where the "
	     "kernel uses the object, so no trick with names helps. Every access that this "
	     "kernel's Landlock knows is taken away, but for reading beneath one directory. It "
	     "does not know mode, owner and times, asking whether a file exists, descriptors "
	     "that are held, or calls that have nothing to do with files.",
    .speaks_of = FILES_AND_OTHERS,
    .lines = PAP_LINES(landlock),
    .enter = pap_model_landlock,
};

static int enter_both(const struct pap_scene *scene, struct pap_error *err)
{
	int rc = pap_model_landlock(scene, err);

	return rc ? rc : pap_model_allow_list(err);
}

const struct pap_model pap_model_both = {
    .name = "seccomp-landlock",
    .title = "allow-list + Landlock",
    .about = "The strict allow-list and the Landlock domain above, one after the other, by "
	     "hand. Each covers what the other cannot say; what remains are descriptors that "
	     "are held, and questions about names. It costs the lines of both, and the list "
	     "stays one for this program on this libc.",
    .speaks_of = PAP_ABOUT_ALL & ~PAP_ABOUT_NAMES,
    /* and those of the list (model_list.c) */
    .lines = PAP_LINES(landlock) + PAP_LINES_OF_LIST,
    .enter = enter_both,
};
