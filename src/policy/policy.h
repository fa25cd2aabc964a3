/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A policy in memory: what a program may get at. Text (policy/parse.c), command
 * line flags (cli/) and the API (api/) all end here; compile/plan.c turns it
 * into what the kernel enforces. A policy only grants: what it does not name is
 * denied. Narrowing lives in policy/narrow.c and nowhere else.
 */
#ifndef PAP_POLICY_POLICY_H
#define PAP_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "table/table.h"

enum pap_access { /* of a file grant; bits */
	PAP_ACCESS_READ = 1,
	PAP_ACCESS_WRITE = 2, /* contents, creation, removal, metadata */
	PAP_ACCESS_EXECUTE = 4,
};

struct pap_file_grant {
	char *path;	 /* owned by the policy; absolute, or relative to where paprika runs; any bytes but NUL */
	uint8_t access;	 /* PAP_ACCESS_*; 0: hidden (only with a mount namespace) */
	bool optional;	 /* the -try form: a missing path is no error */
	bool implied;	 /* not asked for by name: follows from the program or a promise */
	struct pap_origin origin;
};

enum pap_direction { PAP_NET_CONNECT, PAP_NET_LISTEN };
enum pap_transport { PAP_NET_TCP, PAP_NET_UDP };

#define PAP_PORT_ANY 0x10000u

struct pap_port_grant {
	uint8_t direction;
	uint8_t transport;
	uint32_t port; /* 0..65535 or PAP_PORT_ANY */
	struct pap_origin origin;
};

enum pap_limit {
	PAP_LIMIT_MEMORY,    /* bytes of address space, each process (RLIMIT_AS) */
	PAP_LIMIT_PROCESSES, /* tasks in addition to those that the user has at start */
	PAP_LIMIT_FILES,     /* open descriptors, each process (RLIMIT_NOFILE) */
	PAP_LIMIT_CPU_TIME,  /* seconds of processor time, each process (RLIMIT_CPU) */
	PAP_LIMIT_WALL_TIME, /* milliseconds from start to the end of everything */
	PAP_LIMIT_COUNT
};

struct pap_limit_value {
	bool set;
	uint64_t value;
	struct pap_origin origin;
};

struct pap_env_grant {
	char *name;
	char *value; /* NULL: pass the caller's value on, if there is one */
	struct pap_origin origin;
};

struct pap_fd_grant {
	int fd;
	struct pap_origin origin;
};

struct pap_name { /* a hidden path, a waiver, a capability */
	char *name;
	struct pap_origin origin;
};

enum pap_wall { /* optional namespaces; bits */
	PAP_WALL_PRIVATE_TMP = 1,
	PAP_WALL_NO_NETWORK = 2,
	PAP_WALL_PID_NAMESPACE = 4,
};

enum pap_violation { PAP_VIOLATION_DENY, PAP_VIOLATION_KILL };

#define PAP_LIST(type)                                                                             \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count, capacity;                                                            \
	}

struct pap_policy {
	bool promises_given; /* false: paprika run's defaults (see plan.c) */
	pap_promises promises;
	struct pap_origin promises_origin;
	PAP_LIST(struct pap_file_grant) files;
	PAP_LIST(struct pap_port_grant) ports;
	struct pap_limit_value limits[PAP_LIMIT_COUNT];
	PAP_LIST(struct pap_env_grant) environment;
	PAP_LIST(struct pap_fd_grant) descriptors;
	PAP_LIST(struct pap_name) hidden;	/* --hide PATH */
	PAP_LIST(struct pap_name) capabilities; /* kept by a privileged caller, "net_bind_service" */
	PAP_LIST(struct pap_name) waivers;	/* shortfalls accepted by name */
	uint8_t walls;				/* enum pap_wall */
	uint8_t violation;			/* enum pap_violation */
	bool violation_given;
	struct pap_origin walls_origin;
	struct pap_origin violation_origin;
	void *strings; /* owned: origins and names, and an index of the lists above */
};

/* What a policy may hold, so that no text can make it grow without bounds. */
#define PAP_POLICY_GRANTS_MAX 20000 /* items in each list */
#define PAP_POLICY_PATH_MAX 4095    /* bytes of a path */
#define PAP_POLICY_ENV_MAX 8000	    /* bytes of NAME=VALUE */
#define PAP_POLICY_FD_MAX (1 << 20)

struct pap_policy *pap_policy_new(void);
void pap_policy_free(struct pap_policy *policy);

/* A copy of source that lives as long as the policy; NULL when out of memory. */
const char *pap_policy_intern(struct pap_policy *policy, const char *source);

/*
 * Each returns 0 or a negative errno with *err filled: -EINVAL for what makes no
 * sense or contradicts an earlier grant, -E2BIG for too many, -ENOMEM. Strings
 * are copied, origins interned. The same grant twice is fine; file grants of one
 * path add up, and promises too. Items are added here and nowhere else (the lists
 * have an index); nobody but policy/ changes a path, name or port afterwards.
 */
int pap_policy_grant_file(struct pap_policy *policy, const char *path, unsigned access,
			  bool optional, struct pap_origin origin, struct pap_error *err);
/* The same, marked as implied: kept apart from what was asked for by name. */
int pap_policy_imply_file(struct pap_policy *policy, const char *path, unsigned access,
			  bool optional, struct pap_origin origin, struct pap_error *err);
int pap_policy_grant_port(struct pap_policy *policy, enum pap_direction direction,
			  enum pap_transport transport, uint32_t port, struct pap_origin origin,
			  struct pap_error *err);
int pap_policy_promise(struct pap_policy *policy, const char *words, struct pap_origin origin,
		       struct pap_error *err);
int pap_policy_limit(struct pap_policy *policy, enum pap_limit limit, uint64_t value,
		     struct pap_origin origin, struct pap_error *err);
int pap_policy_env(struct pap_policy *policy, const char *name, const char *value,
		   struct pap_origin origin, struct pap_error *err);
int pap_policy_fd(struct pap_policy *policy, int fd, struct pap_origin origin,
		  struct pap_error *err);
int pap_policy_hide(struct pap_policy *policy, const char *path, struct pap_origin origin,
		    struct pap_error *err);
int pap_policy_capability(struct pap_policy *policy, const char *name, struct pap_origin origin,
			  struct pap_error *err);
int pap_policy_waive(struct pap_policy *policy, const char *shortfall, struct pap_origin origin,
		     struct pap_error *err);
int pap_policy_violation(struct pap_policy *policy, enum pap_violation violation,
			 struct pap_origin origin, struct pap_error *err);
void pap_policy_wall(struct pap_policy *policy, unsigned walls, struct pap_origin origin);

/*
 * Words of the text form and of flags, shared by both (policy/words.c):
 * "443", "udp:53", "any" or "udp:any" -> transport and port, HOST:PORT refused;
 * "512M", "10s", "1m30s", "64" -> the limit's unit.
 */
int pap_parse_port(const char *text, enum pap_transport *transport, uint32_t *port,
		   struct pap_origin origin, struct pap_error *err);
int pap_parse_limit(enum pap_limit limit, const char *text, uint64_t *value,
		    struct pap_origin origin, struct pap_error *err);
const char *pap_limit_name(enum pap_limit limit); /* "memory", "wall-time"... */
/* The value as pap_parse_limit reads it back: "512M", "90s". Returns buf. */
char *pap_limit_text(enum pap_limit limit, uint64_t value, char *buf, size_t size);
/* "443", "udp:any": as pap_parse_port reads it back. Returns buf. */
char *pap_port_text(enum pap_transport transport, uint32_t port, char *buf, size_t size);
/* "deny", "kill" */
int pap_parse_violation(const char *text, enum pap_violation *violation, struct pap_origin origin,
			struct pap_error *err);

/* Capabilities by the kernel's number; names are lower case, without "cap_". */
#define PAP_NCAPABILITIES 41
int pap_capability_find(const char *name); /* "net_bind_service", "CAP_..."; -1: unknown */
const char *pap_capability_name(unsigned number); /* NULL: unknown */

/* ---- text form (policy/parse.c, policy/print.c) ---------------------------------------------- */

/* Where the parser gets files and variables from; tests and the fuzzer fake it. */
struct pap_parse_env {
	/*
	 * Reads all of `path` into *text (malloc'ed) or returns a negative errno.
	 * -EFBIG above 1 MiB. NULL: includes are refused.
	 */
	int (*read_file)(void *context, const char *path, char **text, size_t *length);
	const char *(*variable)(void *context, const char *name); /* NULL: unknown */
	void *context;
};

/* Adds the rules of `text` to policy; on failure policy may hold part of them: throw it away. */
int pap_policy_parse(struct pap_policy *policy, const char *text, size_t length, const char *source,
		     const struct pap_parse_env *env, struct pap_error *err);

/* Reads and parses a file of the real system, with $NAME from the environment. */
int pap_policy_parse_file(struct pap_policy *policy, const char *path, struct pap_error *err);

/* Canonical text: parsing it gives an equal policy. */
void pap_policy_print(const struct pap_policy *policy, struct pap_text *out);

/* Whether two policies grant the same (origins, order and implied grants do not matter). */
bool pap_policy_equal(const struct pap_policy *a, const struct pap_policy *b);

/*
 * Replaces each path of files and hidden by what it names in the real file system
 * now: absolute, without symbolic links, "." and "..". What does not exist keeps
 * its name beneath what does. On failure nothing has changed. Pointers into the
 * policy are no longer valid afterwards.
 */
int pap_policy_resolve(struct pap_policy *policy, struct pap_error *err);

/*
 * Paths are compared as text: resolve both policies first when they are about
 * the real file system. A ".." that is left counts as wider, and so does naming
 * promises against a policy that is silent about them (fill in the defaults).
 *
 * 0 when `wanted` grants nothing that `ceiling` does not; otherwise -EPERM, and
 * *err names the first item that is wider, with its place in wanted.
 */
int pap_policy_within(const struct pap_policy *wanted, const struct pap_policy *ceiling,
		      struct pap_error *err);

#endif
