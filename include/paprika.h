/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paprika: confine a program on Linux to what it was granted, without privilege.
 *
 *	paprika_policy *policy = paprika_policy_new();
 *	struct paprika_error why;
 *
 *	paprika_allow_path(policy, "/etc", PAPRIKA_READ, &why);
 *	paprika_promise(policy, "stdio rpath", &why);
 *	if (paprika_enter(policy, &why) < 0)
 *		errx(1, "%s", why.message);
 *	paprika_policy_free(policy);
 *
 * Functions return 0 or a negative errno value and never set errno on purpose.
 * Where a person may have to act, *error (NULL is allowed) gets words; it is
 * untouched on success. A policy belongs to one thread at a time; different
 * policies are independent. paprika_enter concerns the whole process.
 */
#ifndef PAPRIKA_H
#define PAPRIKA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PAPRIKA_API_VERSION 1

typedef struct paprika_policy paprika_policy;

struct paprika_error {
	int code;	    /* the negative errno that was returned */
	char message[1024]; /* "file:line:column: what is wrong" */
	char hint[512];	    /* what to do about it, may be empty */
};

/* What may be done with files beneath a path; bits. */
enum paprika_access {
	PAPRIKA_READ = 1,    /* contents and directory listings */
	PAPRIKA_WRITE = 2,   /* contents, creation, removal, renaming */
	PAPRIKA_EXECUTE = 4, /* execve */
};

enum paprika_direction { PAPRIKA_CONNECT, PAPRIKA_LISTEN };
enum paprika_transport { PAPRIKA_TCP, PAPRIKA_UDP };
#define PAPRIKA_ANY_PORT 0x10000u

/* A policy that grants nothing. NULL: out of memory. */
paprika_policy *paprika_policy_new(void);

/* NULL is allowed. */
void paprika_policy_free(paprika_policy *policy);

/*
 * Grants access (PAPRIKA_READ | ...) to a file, or to a directory and all beneath
 * it. The path is looked up when the policy is entered; symbolic links are
 * followed then. -EINVAL: empty path, no access named. -ENOMEM.
 */
int paprika_allow_path(paprika_policy *policy, const char *path, unsigned access,
		       struct paprika_error *error);

/* Grants a port in host byte order, or PAPRIKA_ANY_PORT. -EINVAL, -ENOMEM. */
int paprika_allow_port(paprika_policy *policy, enum paprika_direction direction,
		       enum paprika_transport transport, uint32_t port,
		       struct paprika_error *error);

/*
 * Adds promises, words of pledge(2) separated by spaces ("stdio rpath inet").
 * Without any call the policy has those of `paprika run`. -EINVAL: unknown word.
 */
int paprika_promise(paprika_policy *policy, const char *words, struct paprika_error *error);

/*
 * Accepts that the running kernel cannot enforce one thing, by its name in
 * `paprika check`. -EINVAL: unknown name.
 */
int paprika_waive(paprika_policy *policy, const char *shortfall, struct paprika_error *error);

/*
 * Adds the grants of a text in the form of paprika-policy(5). name stands in
 * messages. After a failure the policy may hold part of the text: free it.
 */
int paprika_policy_parse(paprika_policy *policy, const char *text, size_t length, const char *name,
			 struct paprika_error *error);

/* The same from a file; its includes are looked up relative to it. */
int paprika_policy_load(paprika_policy *policy, const char *path, struct paprika_error *error);

/* The policy as canonical text, to be freed with free(3). NULL: out of memory. */
char *paprika_policy_print(const paprika_policy *policy);

/*
 * 0 when wanted grants nothing that ceiling does not grant; -EPERM, and error
 * names the first thing that is wider.
 */
int paprika_policy_within(const paprika_policy *wanted, const paprika_policy *ceiling,
			  struct paprika_error *error);

/*
 * Confines the calling process, all its threads and future children, for good:
 * no_new_privs is set, a Landlock domain entered, a system call filter
 * installed. Descriptors that are open stay usable. What the policy says about
 * limits, environment, descriptors, capabilities and namespaces is for `paprika
 * run` and refused here (-EINVAL): a process cannot do it to itself alike.
 *
 * -EOPNOTSUPP: the kernel cannot enforce all of it, and it was not waived (error
 * lists what); -EBUSY: other threads exist and the kernel (Landlock before ABI
 * 8, Linux 7.0) binds only the caller; -ENOENT...: a granted path cannot be opened;
 * -ENOMEM. After any of these nothing has changed, except after -ENOTRECOVERABLE:
 * the kernel failed half-way, which leaves the process tighter than before, never
 * looser; it should end.
 *
 * Calls that change metadata by path (chmod, utimensat...) are refused with EPERM
 * after this, because no supervisor judges them; see paprika-run(1).
 * Semantics: seccomp(2), landlock(7). MT-safe, but meant to be called once.
 */
int paprika_enter(const paprika_policy *policy, struct paprika_error *error);

/* ---- capability mode --------------------------------------------------------------------- */

/*
 * What one descriptor is left. rights are those of a cap_rights_t (cap_rights_init(3)):
 * copy its two words; 0, 0 are no rights. fcntls are CAP_FCNTL_* bits. ioctls is a list of
 * nioctls commands, or NULL with PAPRIKA_ALL_IOCTLS for every command.
 */
struct paprika_descriptor {
	int fd;
	uint32_t fcntls;
	uint64_t rights[2];
	const unsigned long *ioctls;
	size_t nioctls;
};
#define PAPRIKA_ALL_IOCTLS SIZE_MAX

enum paprika_limit_flags {
	PAPRIKA_CAPABILITY_MODE = 1, /* and enter capability mode, in the same step */
	PAPRIKA_NO_SUPERVISOR = 2,   /* stricter: no lookups beneath directories, no copies */
};

/*
 * Limits a whole table of descriptors with one call and one filter, which costs no more
 * than a single cap_rights_limit(3); descriptors that are not listed keep everything. In a
 * process that has limits already the rows are taken one after the other.
 *
 * -EBADF, -EINVAL (rights, commands or flags that stand for nothing), -EPERM (a row would
 * widen), -EBUSY (memory or descriptors are shared with another process, or an io_uring
 * exists), -ENOMEM, -ENOSYS (the kernel cannot). After any of these nothing was limited,
 * except rows before the one that error names, in a process that had limits before.
 * Concerns the whole process; MT-safe. Semantics: cap_rights_limit(2), cap_enter(2).
 */
int paprika_limit_descriptors(const struct paprika_descriptor *table, size_t count, unsigned flags,
			      struct paprika_error *error);

enum paprika_capability_bits {
	PAPRIKA_CAN_LIMIT = 1,	   /* this kernel can do it */
	PAPRIKA_IS_LIMITED = 2,	   /* some descriptor of this process has been limited */
	PAPRIKA_IS_SANDBOXED = 4,  /* in capability mode */
	PAPRIKA_IS_SUPERVISED = 8, /* with a supervisor; without this bit, the stricter way */
};

/* Which of these hold for the calling process. Never fails. */
unsigned paprika_capability_state(void);

/* strerror(3) that also knows ENOTCAPABLE (3093) and ECAPMODE (3094); the sign does not matter. */
const char *paprika_strerror(int number);

#ifdef __cplusplus
}
#endif

#endif
