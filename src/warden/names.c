/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that make, remove and rename names: the directory is pinned, the name in it is
 * one plain component, and the call acts on the two.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"
#include "warden/warden.h"

#define NOREPLACE 1u
#define EXCHANGE 2u

struct name {
	int base;   /* what the caller holds, or -1 */
	int parent; /* the pinned directory */
	char last[NAME_MAX + 1];
	char path[PAP_WARDEN_PATH];
	bool slash; /* it ended in one: only a directory is meant */
};

static void let_go(struct name *name)
{
	if (name->base >= 0)
		pap_raw_close(name->base);
	if (name->parent >= 0)
		pap_raw_close(name->parent);
}

/* The directory in argument dir, by its rights. */
static int hold(struct pap_request *request, unsigned dir, struct name *name)
{
	name->parent = -1;
	name->base = pap_lookup_base(request, dir);
	return name->base < 0 ? name->base : 0;
}

/* What the path in argument path names, beneath the directory that is held. */
static int find(struct pap_request *request, unsigned path, struct name *name)
{
	ssize_t length = pap_request_path(request, request->data.args[path], name->path);

	if (length < 0)
		return (int)length;
	name->parent = pap_lookup_parent(name->base, name->path, name->last, &name->slash);
	return name->parent < 0 ? name->parent : 0;
}

static bool is_directory(const struct name *name)
{
	struct stat status;

	return fstatat(name->parent, name->last, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(status.st_mode);
}

static int result(int rc)
{
	return rc < 0 ? -errno : rc;
}

static int make_node(const struct pap_request *request, const struct name *name)
{
	mode_t mode = (mode_t)request->data.args[2];

	/* A device node would be a name for a device, whoever makes it. */
	if (request->entered && (S_ISCHR(mode) || S_ISBLK(mode)))
		return -PAP_ECAPMODE;
	if (name->slash)
		return -ENOENT;
	return result(
	    mknodat(name->parent, name->last, mode, (dev_t)(uint32_t)request->data.args[3]));
}

static int make_link(struct pap_request *request, const struct name *name)
{
	char content[PAP_WARDEN_PATH];
	ssize_t length = pap_request_path(request, request->data.args[0], content);

	if (length < 0)
		return (int)length;
	if (name->slash)
		return -ENOENT;
	if (!pap_request_valid(request))
		return -EINTR;
	return result(symlinkat(content, name->parent, name->last));
}

static int act_on_one(struct pap_request *request, const struct name *name)
{
	int flags = (int)request->data.args[2];

	switch (pap_syscall_id(request->call)) {
	case PAP_SYS_mkdirat:
		return result(mkdirat(name->parent, name->last, (mode_t)request->data.args[2]));
	case PAP_SYS_mknodat:
		return make_node(request, name);
	case PAP_SYS_symlinkat:
		return make_link(request, name);
	case PAP_SYS_unlinkat:
		if (flags & ~AT_REMOVEDIR)
			return -EINVAL;
		if (name->slash && !is_directory(name))
			return -ENOTDIR;
		return result(unlinkat(name->parent, name->last, flags));
	default:
		return -ENOSYS;
	}
}

/* The source of a hard link, followed: the object itself is pinned. */
static int link_followed(const struct pap_request *request, const struct name *from,
			 const struct name *to)
{
	char own[32];
	int pin, rc;

	if (request->warden->proc < 0)
		return -PAP_ENOTCAPABLE;
	pin = pap_lookup_pin(from->base, from->path, true);
	if (pin < 0)
		return pin;
	pap_lookup_own(pin, own);
	rc = result(linkat(AT_FDCWD, own, to->parent, to->last, AT_SYMLINK_FOLLOW));
	pap_raw_close(pin);
	return rc;
}

static int act_on_two(struct pap_request *request, const struct name *from, const struct name *to)
{
	uint32_t flags = (uint32_t)request->data.args[4];

	switch (pap_syscall_id(request->call)) {
	case PAP_SYS_linkat:
		/* A descriptor without a name must not get one here: its rights say nothing of
		 * that. */
		if (flags & ~(uint32_t)AT_SYMLINK_FOLLOW)
			return flags & AT_EMPTY_PATH ? -PAP_ENOTCAPABLE : -EINVAL;
		if (flags & AT_SYMLINK_FOLLOW)
			return link_followed(request, from, to);
		return result(linkat(from->parent, from->last, to->parent, to->last, 0));
	case PAP_SYS_renameat:
		flags = 0;
		break;
	case PAP_SYS_renameat2:
		if (flags & ~(NOREPLACE | EXCHANGE))
			return -EINVAL;
		break;
	default:
		return -ENOSYS;
	}
	if ((from->slash || to->slash) && !is_directory(from))
		return -ENOTDIR;
	return (int)pap_raw_call(PAP_SYS_renameat2, from->parent, (long)(uintptr_t)from->last,
				 to->parent, (long)(uintptr_t)to->last, flags, 0);
}

/* Whether everything the call names starts at an unlimited number, or at the root. */
static bool unlimited(const struct pap_request *request)
{
	for (unsigned i = 0; i < request->call->nexercises; i++) {
		const struct pap_exercise *x = &request->call->exercises[i];
		char first = '\0';

		if (x->touch != PAP_X_LOOKUP)
			continue;
		if (pap_ledger_class_of(request->ledger, (int)request->data.args[x->arg]) ==
		    PAP_CLASS_FULL)
			continue;
		if (pap_request_read(request, request->data.args[x->path], &first, 1) < 0 ||
		    first != '/')
			return false;
	}
	return true;
}

static int64_t with_two(struct pap_request *request)
{
	static struct name from, to;
	int rc;

	from.base = from.parent = to.base = to.parent = -1;
	/* A right that is missing on either side comes before everything else. */
	rc = hold(request, 0, &from);
	if (!rc)
		rc = hold(request, 2, &to);
	if (!rc)
		rc = find(request, 1, &from);
	if (!rc)
		rc = find(request, 3, &to);
	if (!rc)
		rc = pap_identity_match(request, false);
	if (!rc && !pap_request_valid(request))
		rc = -EINTR;
	if (!rc)
		rc = act_on_two(request, &from, &to);
	let_go(&from);
	let_go(&to);
	return rc;
}

int64_t pap_on_names(struct pap_request *request)
{
	static struct name name;
	unsigned id = pap_syscall_id(request->call);
	bool link = id == PAP_SYS_symlinkat;
	int rc;

	if (!request->entered && unlimited(request))
		return PAP_ANSWER_CONTINUE;
	if (id == PAP_SYS_linkat || id == PAP_SYS_renameat || id == PAP_SYS_renameat2)
		return with_two(request);
	rc = hold(request, link ? 1 : 0, &name);
	if (!rc)
		rc = find(request, link ? 2 : 1, &name);
	if (!rc)
		rc = pap_identity_match(request, id != PAP_SYS_unlinkat);
	if (!rc && !pap_request_valid(request))
		rc = -EINTR;
	if (!rc)
		rc = act_on_one(request, &name);
	let_go(&name);
	return rc;
}
