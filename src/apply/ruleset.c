/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/ruleset.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "uapi/landlock.h"

static int path_error(const struct pap_path_rule *rule, int code, struct pap_error *err)
{
	char shown[256];

	pap_escape(shown, sizeof(shown), rule->path, strlen(rule->path));
	pap_fail_at(err, code, rule->origin, "cannot grant \"%s\": %s", shown, strerror(-code));
	if (code == -ENOENT)
		pap_hint(err, "the -try form of the flag grants a path only when it exists");
	return code;
}

/*
 * O_PATH: an ordinary open would block on a FIFO, need permissions that a grant
 * does not, and fail on /dev/tty without a terminal. Of the two functions, because
 * some C libraries' open() makes a second call for O_CLOEXEC.
 */
static int add_path(int ruleset, const struct pap_path_rule *rule, pap_granted *granted,
		    void *context, struct pap_error *err)
{
	struct pap_ll_path_beneath_attr attr = {0};
	struct stat st;
	int rc = 0, kept = 0;
	int fd = openat(AT_FDCWD, rule->path, O_PATH | O_CLOEXEC);

	if (fd < 0) {
		rc = -errno;
		if (rule->optional && (rc == -ENOENT || rc == -ENOTDIR || rc == -EACCES))
			return 0;
		return path_error(rule, rc, err);
	}
	if (fstat(fd, &st) < 0)
		rc = -errno;
	attr.allowed_access = S_ISDIR(st.st_mode) ? rule->directory : rule->file;
	attr.parent_fd = fd;
	if (!rc && ruleset >= 0 && attr.allowed_access)
		rc = pap_raw_landlock_add_rule(ruleset, PAP_LL_RULE_PATH_BENEATH, &attr, 0);
	/* Pipes, sockets and the like have no place in a hierarchy; Landlock never judges them. */
	if (rc == -EBADFD)
		rc = 0;
	if (!rc && granted) {
		kept = granted(context, rule, fd, &st);
		if (kept < 0)
			rc = kept;
	}
	if (kept != 1)
		close(fd);
	return rc < 0 ? path_error(rule, rc, err) : 0;
}

static int add_ports(int ruleset, const struct pap_landlock_set *set, struct pap_error *err)
{
	for (size_t i = 0; i < set->ports.count; i++) {
		const struct pap_port_rule *rule = &set->ports.items[i];
		struct pap_ll_net_port_attr attr = {rule->access, rule->port};
		int rc = pap_raw_landlock_add_rule(ruleset, PAP_LL_RULE_NET_PORT, &attr, 0);

		if (rc < 0)
			return pap_fail_at(err, rc, rule->origin, "cannot grant port %u: %s",
					   rule->port, strerror(-rc));
	}
	return 0;
}

int pap_ruleset_make(const struct pap_landlock_set *set, pap_granted *granted, void *context,
		     int *ruleset, struct pap_error *err)
{
	struct pap_ll_ruleset_attr attr = {set->handled_fs, set->handled_net, set->scoped};
	bool any = set->handled_fs || set->handled_net || set->scoped;
	size_t size = sizeof(attr);
	int fd = -1, rc = 0;

	/* An old kernel takes a longer structure when the rest is zero, but say no more than needed. */
	if (!attr.scoped)
		size = attr.handled_access_net ? 16 : 8;
	if (any) {
		fd = pap_raw_landlock_create_ruleset(&attr, size, 0);
		if (fd < 0)
			return pap_fail(err, fd, "cannot make a Landlock ruleset: %s",
					strerror(-fd));
	}
	for (size_t i = 0; !rc && i < set->paths.count; i++)
		rc = add_path(fd, &set->paths.items[i], granted, context, err);
	if (!rc && fd >= 0)
		rc = add_ports(fd, set, err);
	if (rc < 0) {
		if (fd >= 0)
			close(fd);
		return rc;
	}
	*ruleset = fd;
	return 0;
}
