/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flags that make a policy, in one table: parser, --help and the manual's
 * test all read it. What a flag's words mean is decided in policy/, where the
 * text form of policies decides it too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"

struct flag {
	const char *name;     /* without dashes */
	const char *argument; /* NULL: takes none */
	const char *help;
	int (*apply)(struct pap_policy *policy, const char *value, int detail,
		     struct pap_origin origin, struct pap_error *err);
	int detail;
};

enum { OPTIONAL = 0x100 };

static int file_flag(struct pap_policy *policy, const char *value, int detail,
		     struct pap_origin origin, struct pap_error *err)
{
	return pap_policy_grant_file(policy, value, (unsigned)detail & 0xff, detail & OPTIONAL,
				     origin, err);
}

static int port_flag(struct pap_policy *policy, const char *value, int direction,
		     struct pap_origin origin, struct pap_error *err)
{
	enum pap_transport transport;
	uint32_t port;
	int rc = pap_parse_port(value, &transport, &port, origin, err);

	if (rc < 0)
		return rc;
	return pap_policy_grant_port(policy, (enum pap_direction)direction, transport, port, origin,
				     err);
}

static int promise_flag(struct pap_policy *policy, const char *value, int detail,
			struct pap_origin origin, struct pap_error *err)
{
	(void)detail;
	return pap_policy_promise(policy, value, origin, err);
}

/* The promises, and OpenBSD's answer to a violation unless "error" asks for another. */
static int pledge_flag(struct pap_policy *policy, const char *value, int detail,
		       struct pap_origin origin, struct pap_error *err)
{
	int rc = pap_policy_promise(policy, value, origin, err);

	(void)detail;
	if (rc < 0 || (policy->promises & PAP_PROMISE_BIT(error)))
		return rc;
	return pap_policy_violation(policy, PAP_VIOLATION_KILL, origin, err);
}

static int unveil_letters(const char *letters, unsigned *access, struct pap_origin origin,
			  struct pap_error *err)
{
	char shown[64];
	bool writes = strchr(letters, 'w'), creates = strchr(letters, 'c');

	if (!*letters || letters[strspn(letters, "rwxc")]) {
		pap_fail_at(err, -EINVAL, origin, "\"%s\" are not letters of rwxc",
			    pap_escape(shown, sizeof(shown), letters, strlen(letters)));
		pap_hint(err, "what is not named is hidden anyway; --hide covers what is");
		return -EINVAL;
	}
	if (writes != creates) {
		pap_fail_at(err, -EINVAL, origin, "w and c are granted together here");
		pap_hint(err, "leave out the promise %s to have one of them alone",
			 writes ? "cpath" : "wpath");
		return -EINVAL;
	}
	*access = (strchr(letters, 'r') ? PAP_ACCESS_READ : 0) | (writes ? PAP_ACCESS_WRITE : 0) |
		  (strchr(letters, 'x') ? PAP_ACCESS_EXECUTE : 0);
	return 0;
}

/* PATH:LETTERS; a path may hold colons too. */
static int unveil_flag(struct pap_policy *policy, const char *value, int detail,
		       struct pap_origin origin, struct pap_error *err)
{
	const char *colon = strrchr(value, ':');
	unsigned access;
	char *path;
	int rc;

	(void)detail;
	if (!colon) {
		pap_fail_at(err, -EINVAL, origin, "no letters after the path");
		pap_hint(err, "expected PATH:LETTERS, such as /etc:r");
		return -EINVAL;
	}
	rc = unveil_letters(colon + 1, &access, origin, err);
	if (rc < 0)
		return rc;
	path = strndup(value, (size_t)(colon - value));
	if (!path)
		return pap_fail(err, -ENOMEM, "out of memory");
	rc = pap_policy_grant_file(policy, path, access, false, origin, err);
	free(path);
	return rc;
}

static int limit_flag(struct pap_policy *policy, const char *value, int limit,
		      struct pap_origin origin, struct pap_error *err)
{
	uint64_t number;
	int rc = pap_parse_limit((enum pap_limit)limit, value, &number, origin, err);

	return rc < 0 ? rc : pap_policy_limit(policy, (enum pap_limit)limit, number, origin, err);
}

static int env_flag(struct pap_policy *policy, const char *value, int detail,
		    struct pap_origin origin, struct pap_error *err)
{
	const char *equals = strchr(value, '=');
	char *name;
	int rc;

	(void)detail;
	if (!equals)
		return pap_policy_env(policy, value, NULL, origin, err);
	name = strndup(value, (size_t)(equals - value));
	if (!name)
		return pap_fail(err, -ENOMEM, "out of memory");
	rc = pap_policy_env(policy, name, equals + 1, origin, err);
	free(name);
	return rc;
}

static int fd_flag(struct pap_policy *policy, const char *value, int detail,
		   struct pap_origin origin, struct pap_error *err)
{
	char *end;
	long fd;

	(void)detail;
	errno = 0;
	fd = strtol(value, &end, 10);
	if (end != value && *end == '=') {
		pap_fail_at(err, -EINVAL, origin, "rights on descriptors are not supported yet");
		pap_hint(err, "--fd %ld passes the descriptor as it is", fd);
		return -EINVAL;
	}
	if (errno || end == value || *end || fd < 0 || fd > 1 << 20 || value[0] == '+' ||
	    value[0] == ' ') {
		char shown[64];

		pap_fail_at(err, -EINVAL, origin, "\"%s\" is not a descriptor number",
			    pap_escape(shown, sizeof(shown), value, strlen(value)));
		pap_hint(err, "expected a number such as 3");
		return -EINVAL;
	}
	return pap_policy_fd(policy, (int)fd, origin, err);
}

static int name_flag(struct pap_policy *policy, const char *value, int which,
		     struct pap_origin origin, struct pap_error *err)
{
	switch (which) {
	case 'h':
		return pap_policy_hide(policy, value, origin, err);
	case 'c':
		return pap_policy_capability(policy, value, origin, err);
	default:
		return pap_policy_waive(policy, value, origin, err);
	}
}

static int wall_flag(struct pap_policy *policy, const char *value, int walls,
		     struct pap_origin origin, struct pap_error *err)
{
	(void)value;
	(void)err;
	pap_policy_wall(policy, (unsigned)walls, origin);
	return 0;
}

static int violation_flag(struct pap_policy *policy, const char *value, int detail,
			  struct pap_origin origin, struct pap_error *err)
{
	enum pap_violation violation;
	int rc = pap_parse_violation(value, &violation, origin, err);

	(void)detail;
	return rc < 0 ? rc : pap_policy_violation(policy, violation, origin, err);
}

static int policy_file_flag(struct pap_policy *policy, const char *value, int detail,
			    struct pap_origin origin, struct pap_error *err)
{
	(void)detail;
	(void)origin;
	return pap_policy_parse_file(policy, value, err);
}

#define R PAP_ACCESS_READ
#define W PAP_ACCESS_WRITE
#define X PAP_ACCESS_EXECUTE

static const struct flag flags[] = {
	{"ro", "PATH", "read files beneath PATH", file_flag, R},
	{"rx", "PATH", "read and execute", file_flag, R | X},
	{"rw", "PATH", "read, write, create, remove, change modes and times", file_flag, R | W},
	{"rwx", "PATH", "all of these", file_flag, R | W | X},
	{"ro-try", "PATH", "like --ro, nothing when PATH does not exist", file_flag, R | OPTIONAL},
	{"rx-try", "PATH", "like --rx, ...", file_flag, R | X | OPTIONAL},
	{"rw-try", "PATH", "like --rw, ...", file_flag, R | W | OPTIONAL},
	{"rwx-try", "PATH", "like --rwx, ...", file_flag, R | W | X | OPTIONAL},
	{"connect", "PORT", "connect to a TCP port (udp:PORT, any, udp:any)", port_flag,
	 PAP_NET_CONNECT},
	{"listen", "PORT", "bind and listen on a TCP port (udp:PORT, any, udp:any)", port_flag,
	 PAP_NET_LISTEN},
	{"promise", "WORDS", "kinds of operation, as in pledge(2)", promise_flag, 0},
	{"pledge", "WORDS", "the same, and who does more is killed", pledge_flag, 0},
	{"unveil", "PATH:LETTERS", "grants as in unveil(2), letters of rwxc", unveil_flag, 0},
	{"fd", "N", "pass descriptor N on (0, 1 and 2 always are)", fd_flag, 0},
	{"env", "NAME[=VALUE]", "pass an environment variable on, or set it", env_flag, 0},
	{"policy", "FILE", "add the grants of a policy file", policy_file_flag, 0},
	{"memory", "SIZE", "address space of each process (512M, 2G)", limit_flag,
	 PAP_LIMIT_MEMORY},
	{"processes", "N", "tasks beyond those that the user runs already", limit_flag,
	 PAP_LIMIT_PROCESSES},
	{"files", "N", "open descriptors of each process", limit_flag, PAP_LIMIT_FILES},
	{"cpu-time", "TIME", "processor time of each process (10s, 2m)", limit_flag,
	 PAP_LIMIT_CPU_TIME},
	{"wall-time", "TIME", "time until everything is killed (500ms, 30s, 1h)", limit_flag,
	 PAP_LIMIT_WALL_TIME},
	{"private-tmp", NULL, "empty /tmp and /var/tmp of its own, gone afterwards", wall_flag,
	 PAP_WALL_PRIVATE_TMP},
	{"no-network", NULL, "a network namespace without any interface up", wall_flag,
	 PAP_WALL_NO_NETWORK},
	{"pid-namespace", NULL, "no process outside can be seen", wall_flag,
	 PAP_WALL_PID_NAMESPACE},
	{"hide", "PATH", "cover PATH, so that it is empty", name_flag, 'h'},
	{"capability", "NAME", "keep a capability that the caller has", name_flag, 'c'},
	{"on-violation", "deny|kill", "what a call outside the policy meets (deny)",
	 violation_flag, 0},
	{"waive", "NAME", "accept that this kernel cannot enforce NAME", name_flag, 'w'},
};

#define NFLAGS (sizeof(flags) / sizeof(flags[0]))

static const struct flag *find(const char *name, size_t length)
{
	for (size_t i = 0; i < NFLAGS; i++)
		if (strlen(flags[i].name) == length && !memcmp(flags[i].name, name, length))
			return &flags[i];
	return NULL;
}

/* "--ro /usr", the place that messages about this flag name. */
static const char *place(struct pap_policy *policy, const struct flag *flag, const char *value)
{
	struct pap_text text = {0};
	const char *source;

	pap_text_printf(&text, "--%s", flag->name);
	if (value) {
		pap_text_str(&text, " ");
		pap_text_escape(&text, value, strlen(value));
	}
	if (text.failed) {
		pap_text_free(&text);
		return "command line";
	}
	source = pap_policy_intern(policy, text.data);
	pap_text_free(&text);
	return source ? source : "command line";
}

int pap_flags_policy(struct pap_policy *policy, int argc, char **argv, int *next,
		     struct pap_error *err)
{
	const char *word = argv[*next];
	const char *equals, *value = NULL;
	const struct flag *flag;
	struct pap_origin origin = {0};
	int used = 1, rc;

	if (strncmp(word, "--", 2) || !word[2])
		return 0;
	equals = strchr(word, '=');
	flag = find(word + 2, equals ? (size_t)(equals - word - 2) : strlen(word + 2));
	if (!flag)
		return 0;
	if (equals)
		value = equals + 1;
	if (flag->argument && !value) {
		if (*next + 1 >= argc) {
			pap_fail(err, -EINVAL, "--%s needs an argument", flag->name);
			pap_hint(err, "--%s %s: %s", flag->name, flag->argument, flag->help);
			return -EINVAL;
		}
		value = argv[*next + 1];
		used = 2;
	}
	if (!flag->argument && equals)
		return pap_fail(err, -EINVAL, "--%s takes no argument", flag->name);
	origin.source = place(policy, flag, flag->argument ? value : NULL);
	rc = flag->apply(policy, value, flag->detail, origin, err);
	if (rc < 0)
		return rc;
	*next += used;
	return 1;
}

int pap_flags_unknown(const char *argument, const char *const *extra_flags, struct pap_error *err)
{
	const char *words[NFLAGS + 24];
	const char *near, *equals = strchr(argument, '=');
	char shown[128], name[64];
	size_t n = 0;

	pap_escape(shown, sizeof(shown), argument, strlen(argument));
	if (argument[0] != '-') {
		pap_fail(err, -EINVAL, "unexpected argument \"%s\"", shown);
		pap_hint(err, "the program and its arguments follow a --");
		return -EINVAL;
	}
	for (size_t i = 0; i < NFLAGS; i++)
		words[n++] = flags[i].name;
	for (size_t i = 0; extra_flags && extra_flags[i] && n < NFLAGS + 23; i++)
		words[n++] = extra_flags[i];
	words[n] = NULL;
	while (*argument == '-')
		argument++;
	n = equals ? (size_t)(equals - argument) : strlen(argument);
	if (n >= sizeof(name))
		n = sizeof(name) - 1;
	memcpy(name, argument, n);
	name[n] = '\0';
	near = pap_nearest(name, words);
	pap_fail(err, -EINVAL, "unknown flag \"%s\"", shown);
	if (near)
		pap_hint(err, "did you mean --%s?", near);
	else
		pap_hint(err, "paprika help lists the flags of each command");
	return -EINVAL;
}

void pap_flags_help(struct pap_text *out)
{
	for (size_t i = 0; i < NFLAGS; i++) {
		char left[48] = "";

		pap_escape(left, sizeof(left), flags[i].argument ? flags[i].argument : "",
			   flags[i].argument ? strlen(flags[i].argument) : 0);
		pap_text_printf(out, "  --%s%s%-*s %s\n", flags[i].name,
				flags[i].argument ? " " : "",
				(int)(26 - strlen(flags[i].name) - (flags[i].argument != NULL)), left,
				flags[i].help);
	}
}
