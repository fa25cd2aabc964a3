/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the paths of a policy name in the real file system at this moment, so that
 * comparing them as text (narrow.c) means something. What does not exist yet
 * keeps its name beneath the nearest directory that does; a symbolic link to
 * nowhere is refused, because nobody knows what it will name. This cannot see
 * changes that somebody makes afterwards.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "policy/place.h"
#include "policy/policy.h"

static int failed(struct pap_error *err, int code, struct pap_origin origin, const char *path)
{
	char shown[160];

	if (code == -ENOMEM)
		return pap_fail(err, code, "out of memory");
	pap_fail_at(err, code, origin, "where \"%s\" leads cannot be told",
		    pap_escape(shown, sizeof(shown), path, strlen(path)));
	pap_hint(err, "%s",
		 code == -ENOENT    ? "a symbolic link on the way names nothing that exists"
		 : code == -EACCES  ? "a directory on the way may not be searched"
		 : code == -ELOOP   ? "too many symbolic links"
		 : code == -ENOTDIR ? "a component on the way is no directory"
				    : "it cannot be looked up");
	return code;
}

/* `head` and what follows it, with one slash between; malloc'ed. NULL: out of memory. */
static char *joined(const char *head, const char *tail)
{
	size_t nhead = strlen(head), ntail;
	char *path;

	tail += strspn(tail, "/");
	ntail = strlen(tail);
	path = malloc(nhead + 1 + ntail + 1);
	if (!path)
		return NULL;
	memcpy(path, head, nhead);
	if (ntail && nhead && head[nhead - 1] != '/')
		path[nhead++] = '/';
	memcpy(path + nhead, tail, ntail + 1);
	return path;
}

/*
 * Tries ever shorter beginnings of `path` until one exists, and adds the rest to
 * its real name. *result is malloc'ed.
 */
static int resolve(const char *path, char **result)
{
	const char *base = path[0] == '/' ? "/" : ".";
	char *head = strdup(path), *real;
	size_t cut = strlen(path);
	struct stat st;
	int rc = 0;

	if (!head)
		return -ENOMEM;
	for (;;) {
		while (cut && head[cut - 1] == '/')
			cut--;
		head[cut] = '\0';
		real = realpath(cut ? head : base, NULL);
		if (real)
			break;
		rc = -errno;
		/* something is there that leads nowhere, or nothing is left to try */
		if (rc != -ENOENT || !cut || lstat(head, &st) == 0)
			goto out;
		while (cut && head[cut - 1] != '/')
			cut--;
	}
	*result = joined(real, path + cut);
	rc = *result ? 0 : -ENOMEM;
	free(real);
out:
	free(head);
	return rc;
}

static int resolve_files(const struct pap_policy *from, struct pap_policy *to,
			 struct pap_error *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < from->files.count; i++) {
		const struct pap_file_grant *grant = &from->files.items[i];
		char *path = NULL;

		rc = resolve(grant->path, &path);
		if (rc < 0)
			return failed(err, rc, grant->origin, grant->path);
		rc = grant->implied ? pap_policy_imply_file(to, path, grant->access,
							    grant->optional, grant->origin, err)
				    : pap_policy_grant_file(to, path, grant->access,
							    grant->optional, grant->origin, err);
		free(path);
	}
	return rc;
}

static int resolve_hidden(const struct pap_policy *from, struct pap_policy *to,
			  struct pap_error *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < from->hidden.count; i++) {
		const struct pap_name *hidden = &from->hidden.items[i];
		char *path = NULL;

		rc = resolve(hidden->name, &path);
		if (rc < 0)
			return failed(err, rc, hidden->origin, hidden->name);
		rc = pap_policy_hide(to, path, hidden->origin, err);
		free(path);
	}
	return rc;
}

/* Everything but paths. */
static int copy_rest(const struct pap_policy *from, struct pap_policy *to, struct pap_error *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < from->ports.count; i++) {
		const struct pap_port_grant *port = &from->ports.items[i];

		rc = pap_policy_grant_port(to, (enum pap_direction)port->direction,
					   (enum pap_transport)port->transport, port->port,
					   port->origin, err);
	}
	for (size_t i = 0; !rc && i < from->environment.count; i++)
		rc = pap_policy_env(to, from->environment.items[i].name,
				    from->environment.items[i].value,
				    from->environment.items[i].origin, err);
	for (size_t i = 0; !rc && i < from->descriptors.count; i++)
		rc = pap_policy_fd(to, from->descriptors.items[i].fd,
				   from->descriptors.items[i].origin, err);
	for (size_t i = 0; !rc && i < from->capabilities.count; i++)
		rc = pap_policy_capability(to, from->capabilities.items[i].name,
					   from->capabilities.items[i].origin, err);
	for (size_t i = 0; !rc && i < from->waivers.count; i++)
		rc = pap_policy_waive(to, from->waivers.items[i].name,
				      from->waivers.items[i].origin, err);
	for (unsigned i = 0; !rc && i < PAP_LIMIT_COUNT; i++)
		if (from->limits[i].set)
			rc = pap_policy_limit(to, (enum pap_limit)i, from->limits[i].value,
					      from->limits[i].origin, err);
	if (!rc && from->promises_given)
		rc = pap_policy_promise(to, "", from->promises_origin, err);
	if (!rc && (from->violation_given || from->violation))
		rc = pap_policy_violation(to, (enum pap_violation)from->violation,
					  from->violation_origin, err);
	to->promises = from->promises;
	pap_policy_wall(to, from->walls, from->walls_origin);
	return rc;
}

int pap_policy_resolve(struct pap_policy *policy, struct pap_error *err)
{
	struct pap_policy *fresh = pap_policy_new(), old;
	int rc;

	if (!fresh)
		return pap_no_memory(err);
	rc = resolve_files(policy, fresh, err);
	if (!rc)
		rc = resolve_hidden(policy, fresh, err);
	if (!rc)
		rc = copy_rest(policy, fresh, err);
	if (!rc) { /* the caller keeps its pointer and gets the new contents */
		old = *policy;
		*policy = *fresh;
		*fresh = old;
	}
	pap_policy_free(fresh);
	return rc;
}
