/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policy + kernel features -> plan: everything that will be asked of the kernel,
 * worked out without touching it. apply/ carries a plan out; --dry-run prints it.
 */
#ifndef PAP_COMPILE_PLAN_H
#define PAP_COMPILE_PLAN_H

#include "base/error.h"
#include "compile/features.h"
#include "compile/filter.h"
#include "policy/policy.h"

/*
 * A further bit of a path rule's access: the file itself may be written to, its mode
 * and owner may not be changed. What a promise brings along has this, not WRITE.
 */
enum { PAP_ACCESS_CONTENTS = 8 };

struct pap_path_rule {
	const char *path;   /* belongs to the policy */
	/* What Landlock is told; 0: nothing, the path only matters to the supervisor. */
	uint64_t directory; /* PAP_LL_FS_* when the path is a directory */
	uint64_t file;	    /* ... when it is anything else */
	uint8_t access;	    /* PAP_ACCESS_*, for the supervisor's own checks: whose mode may change */
	bool optional;
	bool implied;
	struct pap_origin origin;
};

struct pap_port_rule {
	uint16_t port;
	uint64_t access; /* PAP_LL_NET_* */
	struct pap_origin origin;
};

struct pap_landlock_set {
	uint64_t handled_fs, handled_net, scoped;
	PAP_LIST(struct pap_path_rule) paths;
	PAP_LIST(struct pap_port_rule) ports;
};

/* What this kernel cannot enforce. The table of all of them is in compile/shortfall.c. */
enum pap_shortfall_id {
	PAP_SHORT_FILES,	/* no Landlock: paths cannot be confined */
	PAP_SHORT_RENAME,	/* ABI < 2: rename between directories fails (stricter: a note) */
	PAP_SHORT_TCP_PORTS,	/* ABI < 4 */
	PAP_SHORT_UDP_PORTS,	/* ABI < 10 */
	PAP_SHORT_DEVICE_IOCTL,	/* ABI < 5: ioctl on granted devices is not judged by path */
	PAP_SHORT_SIGNALS,	/* ABI < 6: processes outside can be signalled */
	PAP_SHORT_ABSTRACT,	/* ABI < 6: abstract unix sockets, when unix is promised */
	PAP_SHORT_UNIX_PATHS,	/* ABI < 9: pathname unix sockets, when unix is promised */
	PAP_SHORT_SUPERVISOR,	/* no listener: metadata calls are refused, denials silent (note) */
	PAP_SHORT_SECCOMP,	/* no seccomp filter: nothing works */
	PAP_SHORT_PROCESSES,	/* limit does not bind root */
	PAP_SHORT_NAMESPACES,	/* asked for walls, user namespaces are not to be had */
	PAP_SHORT_COUNT
};

struct pap_shortfall_info {
	const char *name;  /* what --waive takes: "tcp-ports" */
	const char *what;  /* what is not enforced */
	const char *cost;  /* what it means for the user */
	const char *since; /* kernel that has it: "6.7" */
	bool stricter;	   /* nothing becomes looser: told, never refused */
};
extern const struct pap_shortfall_info pap_shortfall_table[PAP_SHORT_COUNT];

struct pap_shortfall {
	enum pap_shortfall_id id;
	bool waived;
	struct pap_origin origin; /* what asked for it */
};

/* How denied calls end. */
enum pap_denial {
	PAP_DENIAL_ERRNO,  /* errno, silently */
	PAP_DENIAL_NOTIFY, /* the supervisor says so and answers with the errno */
	PAP_DENIAL_KILL,
	PAP_DENIAL_TRAP,
};

/*
 * The ids of the process that the plan is for, where its real, effective and saved
 * ones are alike: setting these anew is no change and passes without promise id.
 */
struct pap_own_ids {
	bool fixed; /* they are alike; false: nothing is known */
	uint32_t uid, gid;
};

struct pap_plan_options {
	const struct pap_features *features;
	enum pap_denial denial;
	bool supervisor;      /* a listener will be there: metadata and listen() are answered by it */
	bool privileged;      /* the caller is root in its user namespace */
	bool describe;	      /* shortfalls are listed, never refused: the plan is only looked at */
	bool trace;	      /* what Landlock refuses is shown to the supervisor: see trace.h */
	uint64_t exec_pointer;/* non-zero: without promise exec, execve of this very pointer passes */
	uint64_t exec_secret; /* ... when its sixth argument, which the kernel ignores, is this */
	uint32_t self_tgid;   /* for libpledge, 0: unknown */
	/*
	 * For libpledge: the process confines itself and may do so again, and what ends
	 * it after a violation gets through. The rest only counts together with this.
	 */
	bool pledged;
	bool rules_only;      /* the program is not compiled */
	uint8_t opens;	      /* PAP_ACCESS_*: opening that Landlock judges, whatever is promised */
	bool creates;	      /* the same for making and removing files: promise tmppath */
	bool keeps_handler;   /* the handler of SIGSYS stays: EPERM */
	bool ignores_handler; /* the same, but the call seems to succeed */
	/* non-zero: execve passes only with this as its sixth argument, and then always */
	uint64_t exec_key;
	struct pap_own_ids identity;
};

struct pap_plan {
	pap_promises promises; /* effective, defaults filled in */
	struct pap_filter_spec *spec;
	struct pap_program filter;
	struct pap_landlock_set landlock;
	PAP_LIST(struct pap_shortfall) shortfalls;
	const struct pap_policy *policy; /* must outlive the plan */
	struct pap_plan_options options; /* features must outlive the plan too */
	void *storage;			 /* owned: reasons and conditions */
};

/* -EOPNOTSUPP when a shortfall is neither stricter nor waived: *err lists them all by name. */
int pap_plan_make(const struct pap_policy *policy, const struct pap_plan_options *options,
		  struct pap_plan **plan, struct pap_error *err);
void pap_plan_free(struct pap_plan *plan);

/* The promises that a policy comes to: its own, or those that paprika run starts from. */
pap_promises pap_promises_effective(const struct pap_policy *policy);

/* As --dry-run shows it: each grant and what it becomes. */
void pap_plan_print(const struct pap_plan *plan, struct pap_text *out);

/* Landlock rights that ABI knows; 0 for ABI 0. */
uint64_t pap_landlock_fs(unsigned abi);
uint64_t pap_landlock_net(unsigned abi);
uint64_t pap_landlock_scope(unsigned abi);

#endif
