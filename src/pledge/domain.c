/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenBSD's pledge opens a few files whatever is promised: the time zone, /dev/null,
 * /dev/tty with tty, the user database with getpw. A filter sees no names. So where
 * reading (or writing) by name is not promised, a domain that grants these files alone
 * judges it, and the filter lets open through to the domain. Where no domain can be
 * entered for every thread the filter refuses, which is stricter.
 *
 * Not here: which files these are (compile/defaults.c), and what was unveiled (veil.c).
 */
#include "pledge/domain.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "pledge/veil.h"
#include "uapi/landlock.h"

#define P(name) ((pap_promises)1 << PAP_PROMISE_##name)

/* The promises that files follow from. */
#define BRINGING                                                                                   \
	(P(stdio) | P(tty) | P(getpw) | P(dns) | P(vminfo) | P(ps) | P(exec) | P(tmppath))

#define READING (PAP_LL_FS_READ_FILE | PAP_LL_FS_READ_DIR)
#define WRITING (PAP_LL_FS_WRITE_FILE | PAP_LL_FS_TRUNCATE)
#define CREATING (PAP_LL_FS_MAKE_REG | PAP_LL_FS_REMOVE_FILE)

enum { ABI_TRUNCATE = 3 }; /* below, emptying a file is not judged */

/*
 * With exec and without rpath: the kernel wants to read what it executes, and the
 * loader reads libraries.
 */
static const char *const programs[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
				       "/opt", "/etc/ld.so.cache", "/etc/ld.so.preload", NULL};

struct pap_domain pap_domain_of(pap_promises promises)
{
	unsigned abi = pap_pledge_features()->landlock_abi;
	struct pap_domain domain = {0};

	if (!abi)
		return domain;
	domain.files = promises & BRINGING;
	if (domain.files && !(promises & P(rpath)))
		domain.opens |= PAP_ACCESS_READ;
	if (domain.files && !(promises & P(wpath)))
		domain.opens |= PAP_ACCESS_WRITE;
	domain.creates = (promises & P(tmppath)) && abi >= ABI_TRUNCATE &&
			 (domain.opens || !(promises & P(cpath)));
	if (!domain.opens && !domain.creates)
		domain.files = 0;
	domain.ports = (promises & P(dns)) && !(promises & P(inet)) && abi >= 4;
	return domain;
}

int pap_domain_add(int ruleset, int fd, uint64_t directory, uint64_t file)
{
	struct pap_ll_path_beneath_attr attr = {.parent_fd = fd};
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0)
		return -errno;
	attr.allowed_access = S_ISDIR(st.st_mode) ? directory : file;
	if (!attr.allowed_access)
		return 0;
	rc = pap_raw_landlock_add_rule(ruleset, PAP_LL_RULE_PATH_BENEATH, &attr, 0);
	/* Pipes, sockets and the like have no place in a hierarchy; they are never judged. */
	return rc == -EBADFD ? 0 : rc;
}

/* A file that is not there, or cannot be reached, is not granted. */
static int add_path(int ruleset, const char *path, uint64_t directory, uint64_t file)
{
	int fd, rc;

	if (!(directory | file))
		return 0;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : 0;
	rc = pap_domain_add(ruleset, fd, directory, file);
	close(fd);
	return rc;
}

static int add_implied(int ruleset, const struct pap_plan *plan, uint64_t handled,
		       bool programs_too)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < plan->landlock.paths.count; i++) {
		const struct pap_path_rule *rule = &plan->landlock.paths.items[i];

		if (rule->implied)
			rc = add_path(ruleset, rule->path, rule->directory & handled,
				      rule->file & handled);
	}
	if (!rc && (plan->promises & P(tmppath)))
		rc = add_path(ruleset, "/tmp", (READING | WRITING | CREATING) & handled, 0);
	if (rc || !programs_too)
		return rc;
	for (const char *const *path = programs; !rc && *path; path++)
		rc = add_path(ruleset, *path, READING & handled, PAP_LL_FS_READ_FILE & handled);
	return rc;
}

static int add_ports(int ruleset, const struct pap_landlock_set *set, uint64_t handled)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < set->ports.count; i++) {
		struct pap_ll_net_port_attr attr = {set->ports.items[i].access & handled,
						    set->ports.items[i].port};

		if (attr.allowed_access)
			rc = pap_raw_landlock_add_rule(ruleset, PAP_LL_RULE_NET_PORT, &attr, 0);
	}
	return rc;
}

/* What the filter lets through without a promise, so that the domain must refuse it. */
static uint64_t unpromised(const struct pap_domain_wish *wish)
{
	uint64_t rights = 0;

	if (wish->domain.opens & PAP_ACCESS_READ)
		rights |= READING;
	if (wish->domain.opens & PAP_ACCESS_WRITE)
		rights |= WRITING;
	if (wish->domain.creates && !(wish->plan->promises & P(cpath)))
		rights |= CREATING;
	return rights & pap_landlock_fs(pap_pledge_features()->landlock_abi);
}

static struct pap_ll_ruleset_attr judged(const struct pap_domain_wish *wish)
{
	unsigned abi = pap_pledge_features()->landlock_abi;
	struct pap_ll_ruleset_attr attr = {.handled_access_fs = unpromised(wish)};

	if (wish->veil)
		attr.handled_access_fs = pap_landlock_fs(abi);
	/* A layer that is silent about it would forbid renaming between directories. */
	if (attr.handled_access_fs)
		attr.handled_access_fs |= PAP_LL_FS_REFER & pap_landlock_fs(abi);
	if (wish->domain.ports)
		attr.handled_access_net = pap_landlock_net(abi);
	return attr;
}

static int fill(int ruleset, const struct pap_domain_wish *wish,
		const struct pap_ll_ruleset_attr *attr)
{
	unsigned abi = pap_pledge_features()->landlock_abi;
	int rc = 0;

	if (wish->plan && attr->handled_access_fs)
		rc = add_implied(ruleset, wish->plan, attr->handled_access_fs,
				 (wish->plan->promises & P(exec)) && !wish->veil);
	if (!rc && wish->veil)
		rc = pap_veil_rules(ruleset, abi, unpromised(wish));
	else if (!rc && (attr->handled_access_fs & PAP_LL_FS_REFER))
		rc = add_path(ruleset, "/", PAP_LL_FS_REFER, 0);
	if (!rc && wish->plan && attr->handled_access_net)
		rc = add_ports(ruleset, &wish->plan->landlock, attr->handled_access_net);
	return rc;
}

int pap_domain_make(const struct pap_domain_wish *wish, int *ruleset)
{
	struct pap_ll_ruleset_attr attr = judged(wish);
	int fd, rc;

	*ruleset = -1;
	if (!attr.handled_access_fs && !attr.handled_access_net)
		return 0;
	/* Older kernels know the shorter form. */
	fd = pap_raw_landlock_create_ruleset(&attr, attr.handled_access_net ? 16 : 8, 0);
	if (fd < 0)
		return fd;
	rc = fill(fd, wish, &attr);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	*ruleset = fd;
	return 0;
}

int pap_domain_enter(int ruleset, bool threads)
{
	return pap_raw_landlock_restrict_self(ruleset, threads ? PAP_LL_RESTRICT_TSYNC : 0);
}
