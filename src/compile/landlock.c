/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Landlock is asked for: which rights exist at which ABI, what a grant
 * becomes, what is handled (and thereby denied unless a rule allows it).
 *
 * A grant gives no more than the promises do: without rpath, --ro lets nothing be
 * read. The files that a program needs to start are implied, and kept.
 *
 * Not here: opening paths, and telling directories from files, which is the
 * business of whoever makes the ruleset (apply/). Character and block devices
 * are never made.
 */
#include "compile/parts.h"

#include <errno.h>
#include <stdlib.h>

/* ---- rights by ABI ----------------------------------------------------------------------- */

static const struct {
	char kind;
	unsigned abi;
	uint64_t bit;
	const char *name;
} rights[] = {
    {'f', 1, PAP_LL_FS_EXECUTE, "fs.execute"},
    {'f', 1, PAP_LL_FS_WRITE_FILE, "fs.write_file"},
    {'f', 1, PAP_LL_FS_READ_FILE, "fs.read_file"},
    {'f', 1, PAP_LL_FS_READ_DIR, "fs.read_dir"},
    {'f', 1, PAP_LL_FS_REMOVE_DIR, "fs.remove_dir"},
    {'f', 1, PAP_LL_FS_REMOVE_FILE, "fs.remove_file"},
    {'f', 1, PAP_LL_FS_MAKE_CHAR, "fs.make_char"},
    {'f', 1, PAP_LL_FS_MAKE_DIR, "fs.make_dir"},
    {'f', 1, PAP_LL_FS_MAKE_REG, "fs.make_reg"},
    {'f', 1, PAP_LL_FS_MAKE_SOCK, "fs.make_sock"},
    {'f', 1, PAP_LL_FS_MAKE_FIFO, "fs.make_fifo"},
    {'f', 1, PAP_LL_FS_MAKE_BLOCK, "fs.make_block"},
    {'f', 1, PAP_LL_FS_MAKE_SYM, "fs.make_sym"},
    {'f', 2, PAP_LL_FS_REFER, "fs.refer"},
    {'f', 3, PAP_LL_FS_TRUNCATE, "fs.truncate"},
    {'f', 5, PAP_LL_FS_IOCTL_DEV, "fs.ioctl_dev"},
    {'f', 9, PAP_LL_FS_RESOLVE_UNIX, "fs.resolve_unix"},
    {'n', 4, PAP_LL_NET_BIND_TCP, "net.bind_tcp"},
    {'n', 4, PAP_LL_NET_CONNECT_TCP, "net.connect_tcp"},
    {'n', 10, PAP_LL_NET_BIND_UDP, "net.bind_udp"},
    {'n', 10, PAP_LL_NET_CONNECT_SEND_UDP, "net.connect_send_udp"},
    {'s', 6, PAP_LL_SCOPE_ABSTRACT_UNIX_SOCKET, "scope.abstract_unix_socket"},
    {'s', 6, PAP_LL_SCOPE_SIGNAL, "scope.signal"},
};

#define NRIGHTS (sizeof(rights) / sizeof(rights[0]))

static uint64_t known(char kind, unsigned abi)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < NRIGHTS; i++)
		if (rights[i].kind == kind && rights[i].abi <= abi)
			mask |= rights[i].bit;
	return mask;
}

uint64_t pap_landlock_fs(unsigned abi)
{
	return known('f', abi);
}

uint64_t pap_landlock_net(unsigned abi)
{
	return known('n', abi);
}

uint64_t pap_landlock_scope(unsigned abi)
{
	return known('s', abi);
}

void pap_landlock_names(char kind, uint64_t mask, struct pap_text *out)
{
	const char *gap = "";

	for (size_t i = 0; i < NRIGHTS; i++) {
		if (rights[i].kind != kind || !(rights[i].bit & mask))
			continue;
		pap_text_printf(out, "%s%s", gap, rights[i].name);
		gap = " ";
	}
}

/* ---- from grants to rights --------------------------------------------------------------- */

/* Everything but these needs a directory. */
#define ON_FILES                                                                               \
	(PAP_LL_FS_EXECUTE | PAP_LL_FS_WRITE_FILE | PAP_LL_FS_READ_FILE | PAP_LL_FS_TRUNCATE | \
	 PAP_LL_FS_IOCTL_DEV | PAP_LL_FS_RESOLVE_UNIX)

/* One row for each thing an access bit brings, and the promises of which one must be held for it.
 */
static const struct {
	uint8_t access;
	pap_promises promises;
	uint64_t rights;
} meaning[] = {
    {PAP_ACCESS_READ, P(rpath), PAP_LL_FS_READ_FILE | PAP_LL_FS_READ_DIR | PAP_LL_FS_IOCTL_DEV},
    {PAP_ACCESS_WRITE, P(wpath), PAP_LL_FS_WRITE_FILE | PAP_LL_FS_TRUNCATE | PAP_LL_FS_IOCTL_DEV},
    {PAP_ACCESS_WRITE, P(cpath),
     PAP_LL_FS_MAKE_REG | PAP_LL_FS_MAKE_DIR | PAP_LL_FS_MAKE_SYM | PAP_LL_FS_REMOVE_FILE |
	 PAP_LL_FS_REMOVE_DIR | PAP_LL_FS_REFER},
    {PAP_ACCESS_WRITE, P(dpath), PAP_LL_FS_MAKE_FIFO | PAP_LL_FS_MAKE_SOCK},
    {PAP_ACCESS_WRITE, P(unix), PAP_LL_FS_MAKE_SOCK | PAP_LL_FS_RESOLVE_UNIX},
    /* the kernel opens what it executes as if the caller had read it */
    {PAP_ACCESS_EXECUTE, P(exec), PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE},
};

/* What implied files are for, whatever is promised: the program reads and runs them. */
#define STARTING (P(rpath) | P(wpath) | P(exec))

void pap_landlock_access(unsigned abi, pap_promises promises, unsigned access,
			 struct pap_path_rule *rule)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < sizeof(meaning) / sizeof(meaning[0]); i++)
		if ((access & meaning[i].access) && (promises & meaning[i].promises))
			mask |= meaning[i].rights;
	rule->directory = mask & pap_landlock_fs(abi);
	rule->file = rule->directory & ON_FILES;
}

/* ---- the set ----------------------------------------------------------------------------- */

static int add_path(struct pap_plan *plan, pap_promises promises, struct pap_path_rule rule)
{
	struct pap_landlock_set *set = &plan->landlock;

	pap_landlock_access(plan->options.features->landlock_abi, promises, rule.access, &rule);
	if (!PAP_LIST_GROW(&set->paths))
		return -ENOMEM;
	set->paths.items[set->paths.count++] = rule;
	return 0;
}

/* Writing to /dev/null is not permission to change its mode, not even for root. */
static int add_implied(struct pap_plan *plan, const struct pap_implied_file *file)
{
	int rc = add_path(plan, STARTING,
			  (struct pap_path_rule){.path = file->path,
						 .access = file->access,
						 .optional = true,
						 .implied = true,
						 .origin = {.source = file->origin}});

	if (!rc && file->access & PAP_ACCESS_WRITE)
		plan->landlock.paths.items[plan->landlock.paths.count - 1].access ^=
		    PAP_ACCESS_WRITE | PAP_ACCESS_CONTENTS;
	return rc;
}

static int build_paths(struct pap_plan *plan)
{
	const struct pap_policy *policy = plan->policy;
	int rc = 0;

	for (size_t i = 0; !rc && i < policy->files.count; i++) {
		const struct pap_file_grant *grant = &policy->files.items[i];

		if (grant->access)
			rc = add_path(plan, plan->promises | (grant->implied ? STARTING : 0),
				      (struct pap_path_rule){.path = grant->path,
							     .access = grant->access,
							     .optional = grant->optional,
							     .implied = grant->implied,
							     .origin = grant->origin});
	}
	for (const struct pap_implied_file *file = pap_implied_files; !rc && file->path; file++)
		if (file->promise & plan->promises)
			rc = add_implied(plan, file);
	return rc;
}

uint64_t pap_landlock_port(unsigned direction, unsigned transport)
{
	if (transport == PAP_NET_TCP)
		return direction == PAP_NET_CONNECT ? PAP_LL_NET_CONNECT_TCP : PAP_LL_NET_BIND_TCP;
	return direction == PAP_NET_CONNECT ? PAP_LL_NET_CONNECT_SEND_UDP : PAP_LL_NET_BIND_UDP;
}

/* A rule for a right that is not handled would be refused by the kernel. */
static int add_port(struct pap_landlock_set *set, uint64_t right, unsigned port,
		    struct pap_origin origin)
{
	if (!(set->handled_net & right))
		return 0;
	if (!PAP_LIST_GROW(&set->ports))
		return -ENOMEM;
	set->ports.items[set->ports.count++] =
	    (struct pap_port_rule){.port = (uint16_t)port, .access = right, .origin = origin};
	return 0;
}

static int build_ports(struct pap_plan *plan, const struct pap_net *net)
{
	struct pap_landlock_set *set = &plan->landlock;
	const struct pap_policy *policy = plan->policy;
	int rc = 0;

	set->handled_net = pap_landlock_net(plan->options.features->landlock_abi);
	for (unsigned direction = 0; direction < 2; direction++)
		for (unsigned transport = 0; transport < 2; transport++)
			if (net->any[direction][transport])
				set->handled_net &= ~pap_landlock_port(direction, transport);
	for (size_t i = 0; !rc && i < policy->ports.count; i++) {
		const struct pap_port_grant *grant = &policy->ports.items[i];

		if (grant->port != PAP_PORT_ANY)
			rc = add_port(set, pap_landlock_port(grant->direction, grant->transport),
				      grant->port, grant->origin);
	}
	for (const struct pap_implied_port *port = pap_implied_ports; !rc && port->origin; port++)
		if (port->promise & plan->promises)
			rc = add_port(set, pap_landlock_port(port->direction, port->transport),
				      port->port, (struct pap_origin){.source = port->origin});
	/* A client's socket gets its own port by binding to 0, if only implicitly. */
	if (!rc && net->some[PAP_NET_CONNECT][PAP_NET_UDP])
		rc = add_port(set, PAP_LL_NET_BIND_UDP, 0,
			      net->origin[PAP_NET_CONNECT][PAP_NET_UDP]);
	return rc;
}

int pap_landlock_build(struct pap_plan *plan, const struct pap_net *net)
{
	unsigned abi = plan->options.features->landlock_abi;
	int rc;

	plan->landlock.handled_fs = pap_landlock_fs(abi);
	plan->landlock.scoped = pap_landlock_scope(abi);
	rc = build_paths(plan);
	return rc < 0 ? rc : build_ports(plan, net);
}

void pap_landlock_free(struct pap_landlock_set *set)
{
	free(set->paths.items);
	free(set->ports.items);
	*set = (struct pap_landlock_set){0};
}
