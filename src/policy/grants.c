/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lists of a policy. Each function checks what it is given, finds an earlier
 * grant of the same thing through the index, and appends. Whether a path exists, a
 * descriptor is open or a kernel can enforce anything is not looked at here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/place.h"
#include "policy/policy.h"
#include "policy/strings.h"

#define RESERVE(list, what, origin, err)                                         \
	pap_list_reserve((void **)&(list).items, (list).count, &(list).capacity, \
			 sizeof((list).items[0]), what, origin, err)

/* ---- files ----------------------------------------------------------------------------------- */

static int check_path(const char *path, struct pap_origin origin, struct pap_error *err)
{
	size_t length = strlen(path);

	if (!length) {
		pap_fail_at(err, -EINVAL, origin, "the path is empty");
		pap_hint(err, "the working directory is written \".\"");
		return -EINVAL;
	}
	if (length > PAP_POLICY_PATH_MAX)
		return pap_fail_at(err, -EINVAL, origin,
				   "the path has %zu bytes, the kernel takes at most %d", length,
				   PAP_POLICY_PATH_MAX);
	return 0;
}

static void widen_file(struct pap_file_grant *grant, unsigned access, bool optional,
		       struct pap_origin origin)
{
	if (access & ~(unsigned)grant->access)
		grant->origin = origin;
	grant->access |= (uint8_t)access;
	grant->optional &= optional;
}

static int add_file(struct pap_policy *policy, enum pap_key_kind kind, const char *path,
		    unsigned access, bool optional, struct pap_origin origin, struct pap_error *err)
{
	const struct pap_key *key;
	int rc = check_path(path, origin, err);

	if (rc < 0)
		return rc;
	if (!access || access & ~7u)
		return pap_fail_at(err, -EINVAL, origin, "a file grant names no access");
	rc = pap_own_origin(policy, &origin, err);
	if (rc < 0)
		return rc;
	key = pap_strings_find(policy->strings, kind, path, strlen(path));
	if (key) {
		widen_file(&policy->files.items[key->value], access, optional, origin);
		return 0;
	}
	rc = RESERVE(policy->files, "file grants", origin, err);
	if (rc < 0)
		return rc;
	key = pap_strings_add(policy->strings, kind, path, strlen(path),
			      (uint32_t)policy->files.count);
	if (!key)
		return pap_no_memory(err);
	policy->files.items[policy->files.count++] = (struct pap_file_grant){
	    .path = (char *)key->bytes,
	    .access = (uint8_t)access,
	    .optional = optional,
	    .implied = kind == PAP_KEY_IMPLIED,
	    .origin = origin,
	};
	return 0;
}

int pap_policy_grant_file(struct pap_policy *policy, const char *path, unsigned access,
			  bool optional, struct pap_origin origin, struct pap_error *err)
{
	return add_file(policy, PAP_KEY_FILE, path, access, optional, origin, err);
}

int pap_policy_imply_file(struct pap_policy *policy, const char *path, unsigned access,
			  bool optional, struct pap_origin origin, struct pap_error *err)
{
	return add_file(policy, PAP_KEY_IMPLIED, path, access, optional, origin, err);
}

/* ---- ports and descriptors ------------------------------------------------------------------- */

int pap_policy_grant_port(struct pap_policy *policy, enum pap_direction direction,
			  enum pap_transport transport, uint32_t port, struct pap_origin origin,
			  struct pap_error *err)
{
	uint32_t bytes[3] = {direction, transport, port};
	int rc;

	if (direction > PAP_NET_LISTEN || transport > PAP_NET_UDP || port > PAP_PORT_ANY)
		return pap_fail_at(err, -EINVAL, origin, "%u is not a port", (unsigned)port);
	if (!port && direction == PAP_NET_CONNECT) {
		pap_fail_at(err, -EINVAL, origin, "nothing can be reached at port 0");
		pap_hint(err, "\"any\" grants every port");
		return -EINVAL;
	}
	if (pap_strings_find(policy->strings, PAP_KEY_PORT, bytes, sizeof(bytes)))
		return 0;
	rc = pap_own_origin(policy, &origin, err);
	if (!rc)
		rc = RESERVE(policy->ports, "port grants", origin, err);
	if (rc < 0)
		return rc;
	if (!pap_strings_add(policy->strings, PAP_KEY_PORT, bytes, sizeof(bytes), 0))
		return pap_no_memory(err);
	policy->ports.items[policy->ports.count++] = (struct pap_port_grant){
	    .direction = (uint8_t)direction,
	    .transport = (uint8_t)transport,
	    .port = port,
	    .origin = origin,
	};
	return 0;
}

int pap_policy_fd(struct pap_policy *policy, int fd, struct pap_origin origin,
		  struct pap_error *err)
{
	int rc;

	if (fd < 0 || fd > PAP_POLICY_FD_MAX)
		return pap_fail_at(err, -EINVAL, origin, "%d is not a descriptor number", fd);
	if (pap_strings_find(policy->strings, PAP_KEY_FD, &fd, sizeof(fd)))
		return 0;
	rc = pap_own_origin(policy, &origin, err);
	if (!rc)
		rc = RESERVE(policy->descriptors, "descriptors", origin, err);
	if (rc < 0)
		return rc;
	if (!pap_strings_add(policy->strings, PAP_KEY_FD, &fd, sizeof(fd), 0))
		return pap_no_memory(err);
	policy->descriptors.items[policy->descriptors.count++] = (struct pap_fd_grant){fd, origin};
	return 0;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* The lists of names share one layout; the macro only takes the address apart. */
#define ADD_NAME(policy, list, kind, name, what, origin, err)                                    \
	add_name(policy, &(policy)->list.items, &(policy)->list.count, &(policy)->list.capacity, \
		 kind, name, what, origin, err)

static int add_name(struct pap_policy *policy, struct pap_name **items, size_t *count,
		    size_t *capacity, enum pap_key_kind kind, const char *name, const char *what,
		    struct pap_origin origin, struct pap_error *err)
{
	const struct pap_key *key;
	int rc;

	if (pap_strings_find(policy->strings, kind, name, strlen(name)))
		return 0;
	rc = pap_own_origin(policy, &origin, err);
	if (!rc)
		rc = pap_list_reserve((void **)items, *count, capacity, sizeof(**items), what,
				      origin, err);
	if (rc < 0)
		return rc;
	key = pap_strings_add(policy->strings, kind, name, strlen(name), 0);
	if (!key)
		return pap_no_memory(err);
	(*items)[(*count)++] = (struct pap_name){(char *)key->bytes, origin};
	return 0;
}

int pap_policy_hide(struct pap_policy *policy, const char *path, struct pap_origin origin,
		    struct pap_error *err)
{
	int rc = check_path(path, origin, err);

	return rc < 0 ? rc
		      : ADD_NAME(policy, hidden, PAP_KEY_HIDDEN, path, "hidden paths", origin, err);
}

int pap_policy_capability(struct pap_policy *policy, const char *name, struct pap_origin origin,
			  struct pap_error *err)
{
	const char *words[PAP_NCAPABILITIES + 1] = {NULL};
	int number = pap_capability_find(name);
	const char *near;
	char shown[80];

	if (number >= 0)
		return ADD_NAME(policy, capabilities, PAP_KEY_CAPABILITY,
				pap_capability_name((unsigned)number), "capabilities", origin, err);
	for (unsigned i = 0; i < PAP_NCAPABILITIES; i++)
		words[i] = pap_capability_name(i);
	near = pap_nearest(name, words);
	pap_fail_at(err, -EINVAL, origin, "unknown capability \"%s\"",
		    pap_escape(shown, sizeof(shown), name, strlen(name)));
	if (near)
		pap_hint(err, "did you mean \"%s\"?", near);
	else
		pap_hint(err, "expected a name such as net_bind_service");
	return -EINVAL;
}

/*
 * Which shortfalls there are is known to compile/, which refuses unknown names
 * when a plan is made; here a waiver only has to look like one.
 */
int pap_policy_waive(struct pap_policy *policy, const char *shortfall, struct pap_origin origin,
		     struct pap_error *err)
{
	size_t length = strspn(shortfall, "abcdefghijklmnopqrstuvwxyz0123456789-");
	char shown[80];

	if (!length || shortfall[length] || length > 64) {
		pap_fail_at(err, -EINVAL, origin, "\"%s\" cannot be waived",
			    pap_escape(shown, sizeof(shown), shortfall, strlen(shortfall)));
		pap_hint(err, "expected a name that `paprika check` lists, such as tcp-ports");
		return -EINVAL;
	}
	return ADD_NAME(policy, waivers, PAP_KEY_WAIVER, shortfall, "waivers", origin, err);
}

/* ---- environment ----------------------------------------------------------------------------- */

static int check_env(const char *name, const char *value, struct pap_origin origin,
		     struct pap_error *err)
{
	char shown[80];

	pap_escape(shown, sizeof(shown), name, strlen(name));
	for (const char *c = name; *c; c++)
		if (*c == '=' || (unsigned char)*c <= ' ' || *c == 0x7f)
			return pap_fail_at(err, -EINVAL, origin,
					   "\"%s\" cannot be the name of a variable", shown);
	if (!*name)
		return pap_fail_at(err, -EINVAL, origin, "the name of the variable is empty");
	if (strlen(name) + 1 + (value ? strlen(value) : 0) > PAP_POLICY_ENV_MAX)
		return pap_fail_at(err, -EINVAL, origin,
				   "the variable \"%s\" has more than %d bytes", shown,
				   PAP_POLICY_ENV_MAX);
	return 0;
}

int pap_policy_env(struct pap_policy *policy, const char *name, const char *value,
		   struct pap_origin origin, struct pap_error *err)
{
	const struct pap_key *key;
	char *copy = NULL;
	int rc = check_env(name, value, origin, err);

	if (rc < 0)
		return rc;
	key = pap_strings_find(policy->strings, PAP_KEY_ENV, name, strlen(name));
	if (key) {
		const struct pap_env_grant *first = &policy->environment.items[key->value];

		if (value ? first->value && !strcmp(first->value, value) : !first->value)
			return 0;
		return pap_conflict(err, origin, first->origin, "variable", name);
	}
	rc = pap_own_origin(policy, &origin, err);
	if (!rc)
		rc = RESERVE(policy->environment, "environment variables", origin, err);
	if (rc < 0)
		return rc;
	if (value)
		copy = pap_strings_copy(policy->strings, value, strlen(value));
	if (value && !copy)
		return pap_no_memory(err);
	key = pap_strings_add(policy->strings, PAP_KEY_ENV, name, strlen(name),
			      (uint32_t)policy->environment.count);
	if (!key)
		return pap_no_memory(err);
	policy->environment.items[policy->environment.count++] = (struct pap_env_grant){
	    .name = (char *)key->bytes,
	    .value = copy,
	    .origin = origin,
	};
	return 0;
}
