/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika check: what can be enforced here, since which kernel each thing can,
 * and what a missing one costs. Asks the running kernel, or takes a known set
 * with --kernel. Whether `run` works is not guessed: a plan for an empty policy
 * is made, as run would.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "compile/plan.h"
#include "kernel/probe.h"

enum { FORMAT_VERSION = 1, NO_SHORTFALL = -1 };

/* ---- what is asked ----------------------------------------------------------------------- */

static bool supervised(const struct pap_features *features)
{
	return features->seccomp_notify && !features->listener_taken;
}

static bool has_filter(const struct pap_features *f)
{
	return f->seccomp_filter;
}

static bool has_files(const struct pap_features *f)
{
	return f->landlock_abi >= 1;
}

static bool has_rename(const struct pap_features *f)
{
	return f->landlock_abi >= 2;
}

static bool has_truncate(const struct pap_features *f)
{
	return f->landlock_abi >= 3;
}

static bool has_tcp(const struct pap_features *f)
{
	return f->landlock_abi >= 4;
}

static bool has_udp(const struct pap_features *f)
{
	return f->landlock_abi >= 10;
}

static bool has_device_ioctl(const struct pap_features *f)
{
	return f->landlock_abi >= 5;
}

static bool has_scopes(const struct pap_features *f)
{
	return f->landlock_abi >= 6;
}

static bool has_unix_paths(const struct pap_features *f)
{
	return f->landlock_abi >= 9;
}

static bool has_threads(const struct pap_features *f)
{
	return f->landlock_abi >= 8;
}

static bool has_namespaces(const struct pap_features *f)
{
	return f->user_namespaces;
}

/*
 * In the order of the printed table. What a shortfall's table knows is taken from
 * there; the rest are things whose lack takes nothing away from a policy.
 */
static const struct aspect {
	const char *name;
	const char *what;
	bool (*available)(const struct pap_features *features);
	int shortfall;
	const char *since, *cost;
} aspects[] = {
    {"filter", "system calls, by promise", has_filter, PAP_SHORT_SECCOMP, NULL, NULL},
    {"files", "files, by path", has_files, PAP_SHORT_FILES, NULL, NULL},
    {"rename", "renaming between directories", has_rename, PAP_SHORT_RENAME, NULL, NULL},
    {"truncate", "truncating files, by path", has_truncate, NO_SHORTFALL, "6.2",
     "truncate(2) is answered by the supervisor, or refused without one"},
    {"tcp-ports", "TCP, by port", has_tcp, PAP_SHORT_TCP_PORTS, NULL, NULL},
    {"udp-ports", "UDP, by port", has_udp, PAP_SHORT_UDP_PORTS, NULL, NULL},
    {"device-ioctl", "ioctl on devices, by path", has_device_ioctl, PAP_SHORT_DEVICE_IOCTL, NULL,
     NULL},
    {"signals", "signals to processes outside", has_scopes, PAP_SHORT_SIGNALS, NULL, NULL},
    {"abstract-sockets", "abstract unix sockets outside", has_scopes, PAP_SHORT_ABSTRACT, NULL,
     NULL},
    {"unix-paths", "unix sockets, by path", has_unix_paths, PAP_SHORT_UNIX_PATHS, NULL, NULL},
    {"threads", "all threads at once", has_threads, NO_SHORTFALL, "7.0",
     "a program that confines itself must do so before it makes threads; run is not affected"},
    {"supervisor", "answering calls one by one", supervised, PAP_SHORT_SUPERVISOR, NULL, NULL},
    {"metadata", "mode, owner, times and attributes, by path", supervised, NO_SHORTFALL, "5.6",
     "calls that change them are refused"},
    {"namespaces", "private /tmp, no network, hidden processes", has_namespaces,
     PAP_SHORT_NAMESPACES, NULL, NULL},
};

#define NASPECTS (sizeof(aspects) / sizeof(aspects[0]))

static const char *since_of(const struct aspect *aspect)
{
	return aspect->shortfall == NO_SHORTFALL ? aspect->since
						 : pap_shortfall_table[aspect->shortfall].since;
}

static const char *cost_of(const struct aspect *aspect)
{
	return aspect->shortfall == NO_SHORTFALL ? aspect->cost
						 : pap_shortfall_table[aspect->shortfall].cost;
}

/* ---- does run work? ---------------------------------------------------------------------- */

/* 1: it does; 0: *err says what it would say; negative: could not be found out. */
static int run_works(const struct pap_features *features, struct pap_error *err)
{
	struct pap_plan_options options = {
	    .features = features,
	    .denial = supervised(features) ? PAP_DENIAL_NOTIFY : PAP_DENIAL_ERRNO,
	    .supervisor = supervised(features),
	    .privileged = geteuid() == 0,
	};
	struct pap_policy *policy = pap_policy_new();
	struct pap_plan *plan = NULL;
	int rc;

	if (!policy)
		return pap_fail(err, -ENOMEM, "out of memory");
	rc = pap_plan_make(policy, &options, &plan, err);
	pap_plan_free(plan);
	pap_policy_free(policy);
	if (rc == -EOPNOTSUPP)
		return 0;
	return rc < 0 ? rc : 1;
}

/* ---- printing ---------------------------------------------------------------------------- */

static void print_table(const struct pap_features *features, bool known, int works,
			const struct pap_error *why)
{
	if (known)
		printf("Linux %s as distributions build it (a known set, not this machine), ",
		       features->label);
	else
		fputs("this kernel, ", stdout);
	printf("%s, ", pap_arch_name(features->arch));
	if (features->landlock_abi)
		printf("Landlock ABI %u\n\n", features->landlock_abi);
	else
		puts("no Landlock\n");
	for (size_t i = 0; i < NASPECTS; i++) {
		const struct aspect *aspect = &aspects[i];
		bool available = aspect->available(features);

		printf("  %-3s  %-16s  %s", available ? "yes" : "no", aspect->name, aspect->what);
		if (!available)
			printf("\n       %-16s  from Linux %s; without it: %s", "",
			       since_of(aspect), cost_of(aspect));
		putchar('\n');
	}
	putchar('\n');
	if (works) {
		puts("paprika run works here.");
		return;
	}
	printf("paprika run refuses here: %s\n", why->message);
	if (why->hint[0])
		printf("hint: %s\n", why->hint);
}

static json_t *aspects_json(const struct pap_features *features)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < NASPECTS; i++) {
		const struct aspect *aspect = &aspects[i];
		json_t *entry =
		    json_pack("{s:s, s:s, s:b, s:s, s:s, s:s?}", "name", aspect->name, "what",
			      aspect->what, "available", (int)aspect->available(features), "since",
			      since_of(aspect), "cost", cost_of(aspect), "waive",
			      aspect->shortfall == NO_SHORTFALL
				  ? NULL
				  : pap_shortfall_table[aspect->shortfall].name);

		if (!entry || json_array_append_new(list, entry) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static int print_json(const struct pap_features *features, bool known, int works,
		      const struct pap_error *why)
{
	json_t *list = aspects_json(features);
	json_t *root;
	int rc;

	if (!list)
		return -ENOMEM;
	root = json_pack("{s:i, s:s, s:b, s:s, s:i, s:i, s:o, s:b, s:s?, s:s?}", "version",
			 (int)FORMAT_VERSION, "kernel", features->label, "known_set", (int)known,
			 "architecture", pap_arch_name(features->arch), "landlock_abi",
			 (int)features->landlock_abi, "landlock_errata",
			 (int)features->landlock_errata, "features", list, "run_works", works,
			 "problem", works ? NULL : why->message, "hint",
			 works || !why->hint[0] ? NULL : why->hint);
	if (!root)
		return -ENOMEM;
	rc = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(root);
	return rc < 0 ? -EIO : 0;
}

/* ---- the command ------------------------------------------------------------------------- */

struct check_options {
	bool json, help;
	const char *kernel;
};

static int bad_kernel(const char *version, struct pap_error *err)
{
	struct pap_text known = {0};
	char shown[64];

	for (size_t i = 0; pap_features_versions[i]; i++)
		pap_text_printf(&known, "%s%s", i ? ", " : "", pap_features_versions[i]);
	pap_fail(err, -EINVAL, "--kernel: nothing is known about \"%s\"",
		 pap_escape(shown, sizeof(shown), version, strlen(version)));
	pap_hint(err, "known are %s", known.data ? known.data : "");
	pap_text_free(&known);
	return -EINVAL;
}

static int bad_argument(const char *word, struct pap_error *err)
{
	static const char *const flags[] = {"--json", "--kernel", "--help", NULL};
	const char *near = pap_nearest(word, flags);
	char shown[64];

	pap_fail(err, -EINVAL, "check: unknown argument \"%s\"",
		 pap_escape(shown, sizeof(shown), word, strlen(word)));
	if (near)
		pap_hint(err, "did you mean %s?", near);
	else
		pap_hint(err, "usage: paprika %s", pap_command_check.usage);
	return -EINVAL;
}

static int parse(struct check_options *options, int argc, char **argv, struct pap_error *err)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *kernel = NULL;

		if (!strcmp(word, "--json"))
			options->json = true;
		else if (!strcmp(word, "--help") || !strcmp(word, "-h"))
			options->help = true;
		else if (!strncmp(word, "--kernel=", 9))
			kernel = word + 9;
		else if (strcmp(word, "--kernel"))
			return bad_argument(word, err);
		else if (i + 1 == argc)
			return pap_fail(err, -EINVAL, "--kernel needs a version such as 6.1");
		else
			kernel = argv[++i];
		if (kernel && options->kernel && strcmp(kernel, options->kernel))
			return pap_fail(err, -EINVAL, "--kernel is given twice");
		if (kernel)
			options->kernel = kernel;
	}
	return 0;
}

static int failed(const struct pap_error *err)
{
	pap_cli_error(err);
	return PAP_EXIT_SETUP;
}

static int help(void)
{
	printf("usage: paprika %s\n\n"
	       "  --json             print an object for programs\n"
	       "  --kernel VERSION   answer for a known kernel instead of this one:",
	       pap_command_check.usage);
	for (size_t i = 0; pap_features_versions[i]; i++)
		printf(" %s", pap_features_versions[i]);
	puts("\n\nExit status: 0 when `paprika run` works with its default grants, 1 when not.");
	return ferror(stdout) ? PAP_EXIT_SETUP : 0;
}

static int command(int argc, char **argv)
{
	struct check_options options = {0};
	struct pap_features features;
	struct pap_error err = {0};
	int rc, works;

	if (parse(&options, argc, argv, &err) < 0)
		return failed(&err);
	if (options.help)
		return help();
	if (!options.kernel) {
		rc = pap_probe_deep(&features);
		if (rc < 0) {
			pap_fail(&err, rc, "cannot ask the kernel: %s", strerror(-rc));
			return failed(&err);
		}
	} else if (!pap_features_of(options.kernel, pap_arch_native(), &features)) {
		bad_kernel(options.kernel, &err);
		return failed(&err);
	}
	works = run_works(&features, &err);
	if (works < 0)
		return failed(&err);
	rc = 0;
	if (options.json)
		rc = print_json(&features, options.kernel, works, &err);
	else
		print_table(&features, options.kernel, works, &err);
	if (rc < 0 || fflush(stdout) || ferror(stdout)) {
		pap_fail(&err, -EIO, "cannot write the answer");
		return failed(&err);
	}
	return works ? 0 : 1;
}

const struct pap_command pap_command_check = {
    .name = "check",
    .usage = "check [--json] [--kernel VERSION]",
    .about = "say what can be enforced here, and what is missing",
    .run = command,
};
