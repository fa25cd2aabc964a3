/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/filter_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/probe.h"

enum { MAX_FLAGS = 16 };

/* The value of a flag: 1 and *next advanced, 0: another flag. */
static int valued(const char *name, int argc, char **argv, int *next, const char **value,
		  struct pap_error *err)
{
	const char *word = argv[*next] + 2;
	size_t length = strlen(name);

	if (strncmp(argv[*next], "--", 2) || strncmp(word, name, length))
		return 0;
	if (word[length] == '=') {
		*value = word + length + 1;
		*next += 1;
		return 1;
	}
	if (word[length])
		return 0;
	if (*next + 1 >= argc)
		return pap_fail(err, -EINVAL, "--%s needs an argument", name);
	*value = argv[*next + 1];
	*next += 2;
	return 1;
}

static bool has_flag(const struct pap_filter_command *command, const char *name)
{
	for (unsigned i = 0; command->flags[i]; i++)
		if (!strcmp(command->flags[i], name))
			return true;
	return false;
}

static int set_arch(struct pap_filter_options *options, const char *name, struct pap_error *err)
{
	const char *words[PAP_ARCH_COUNT + 1] = {NULL};
	char shown[64];

	if (pap_arch_from_name(name, &options->arch)) {
		options->arch_given = true;
		return 1;
	}
	for (unsigned i = 0; i < PAP_ARCH_COUNT; i++)
		words[i] = pap_arch_name((enum pap_arch)i);
	pap_fail(err, -EINVAL, "unknown architecture \"%s\"",
		 pap_escape(shown, sizeof(shown), name, strlen(name)));
	pap_hint(err, "expected %s or %s", words[0], words[1]);
	return -EINVAL;
}

static int switch_flag(struct pap_filter_options *options, const struct pap_filter_command *command,
		       const char *word)
{
	const struct {
		const char *name;
		bool *set;
	} switches[] = {
	    {"json", &options->json},
	    {"calls", &options->calls},
	    {"no-supervisor", &options->alone},
	};

	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		return options->help = true;
	if (strncmp(word, "--", 2))
		return 0;
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (!strcmp(word + 2, switches[i].name) && has_flag(command, switches[i].name))
			return *switches[i].set = true;
	return 0;
}

/* One flag of our own: 1 taken, 0 not ours, negative: wrong. */
static int own_flag(struct pap_filter_options *options, const struct pap_filter_command *command,
		    int argc, char **argv, int *next, struct pap_error *err)
{
	const struct {
		const char *name;
		const char **value;
	} flags[] = {
	    {"arch", NULL},
	    {"kernel", &options->kernel},
	    {"file", &options->file},
	    {"format", &options->format},
	};
	const char *value = NULL;

	if (switch_flag(options, command, argv[*next])) {
		(*next)++;
		return 1;
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		int rc = has_flag(command, flags[i].name)
			     ? valued(flags[i].name, argc, argv, next, &value, err)
			     : 0;

		if (!rc)
			continue;
		if (rc < 0)
			return rc;
		if (!flags[i].value)
			return set_arch(options, value, err);
		*flags[i].value = value;
		return 1;
	}
	return 0;
}

int pap_filter_options_parse(struct pap_filter_options *options, struct pap_policy *policy,
			     const struct pap_filter_command *command, int argc, char **argv,
			     struct pap_error *err)
{
	char shown[64];
	int next = 1;

	options->arch = pap_arch_native();
	while (next < argc && argv[next][0] == '-' && argv[next][1]) {
		int rc;

		if (!strcmp(argv[next], "--")) {
			next++;
			break;
		}
		rc = own_flag(options, command, argc, argv, &next, err);
		if (!rc) {
			rc = pap_flags_policy(policy, argc, argv, &next, err);
			options->granted |= rc > 0;
		}
		if (rc < 0)
			return rc;
		if (!rc)
			return pap_flags_unknown(argv[next], command->flags, err);
	}
	options->words = argv + next;
	options->nwords = argc - next;
	if (options->nwords && !command->takes_words && !options->help) {
		pap_fail(err, -EINVAL, "unexpected argument \"%s\"",
			 pap_escape(shown, sizeof(shown), argv[next], strlen(argv[next])));
		pap_hint(err, "paprika filter %s", command->usage);
		return -EINVAL;
	}
	return 0;
}

static int find_features(struct pap_features *features, const struct pap_filter_options *options,
			 struct pap_error *err)
{
	struct pap_text known = {0};
	char shown[64];
	int rc;

	if (!options->kernel) {
		rc = pap_probe(features);
		if (rc < 0)
			return pap_fail(err, rc, "cannot ask this kernel what it can do: %s",
					strerror(-rc));
		features->arch = options->arch;
		return 0;
	}
	if (pap_features_of(options->kernel, options->arch, features))
		return 0;
	for (unsigned i = 0; pap_features_versions[i]; i++)
		pap_text_printf(&known, "%s%s", i ? ", " : "", pap_features_versions[i]);
	pap_fail(err, -EINVAL, "unknown kernel \"%s\"",
		 pap_escape(shown, sizeof(shown), options->kernel, strlen(options->kernel)));
	pap_hint(err, "known are %s", known.data ? known.data : "none");
	pap_text_free(&known);
	return -EINVAL;
}

int pap_filter_plan(struct pap_filter_subject *subject, const struct pap_filter_options *options,
		    struct pap_policy *policy, struct pap_error *err)
{
	struct pap_plan_options how = {.features = &subject->features, .describe = true};
	int rc = find_features(&subject->features, options, err);

	if (rc < 0)
		return rc;
	how.supervisor = !options->alone && subject->features.seccomp_notify &&
			 !subject->features.listener_taken;
	how.denial = how.supervisor ? PAP_DENIAL_NOTIFY : PAP_DENIAL_ERRNO;
	how.privileged = geteuid() == 0;
	subject->policy = policy;
	return pap_plan_make(policy, &how, &subject->plan, err);
}

void pap_filter_subject_free(struct pap_filter_subject *subject)
{
	pap_plan_free(subject->plan);
	subject->plan = NULL;
}

int pap_filter_failed(const struct pap_error *err)
{
	pap_cli_error(err);
	return PAP_EXIT_SETUP;
}

int pap_filter_print(struct pap_text *text)
{
	int status = 0;

	if (text->failed) {
		pap_cli_say("out of memory");
		status = PAP_EXIT_SETUP;
	} else if (fwrite(text->data ? text->data : "", 1, text->length, stdout) != text->length ||
		   fflush(stdout)) {
		pap_cli_say("cannot write: %s", strerror(errno));
		status = PAP_EXIT_SETUP;
	}
	pap_text_free(text);
	return status;
}
