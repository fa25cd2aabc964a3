/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/run_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile/plan.h"

static const char *const own_flags[] = {"chdir", "within", "dry-run", "quiet", "trace", "help", NULL};

/* The value of --name VALUE or --name=VALUE: 1 and *next advanced, 0: another flag. */
static int valued(const char *name, int argc, char **argv, int *next, const char **value,
		  struct pap_error *err)
{
	const char *word = argv[*next] + 2;
	size_t length = strlen(name);

	if (strncmp(argv[*next], "--", 2) || strncmp(word, name, length) ||
	    (word[length] && word[length] != '='))
		return 0;
	if (word[length]) {
		*value = word + length + 1;
		*next += 1;
		return 1;
	}
	if (*next + 1 >= argc)
		return pap_fail(err, -EINVAL, "--%s needs an argument", name);
	*value = argv[*next + 1];
	*next += 2;
	return 1;
}

/* One flag of run's own: 1 taken, 0 not ours, negative: wrong. */
static int own_flag(struct pap_run_options *options, const char **ceilings, size_t *nceilings,
		    int argc, char **argv, int *next, struct pap_error *err)
{
	const struct {
		const char *name;
		bool *set;
	} switches[] = {
	    {"--dry-run", &options->dry_run}, {"--quiet", &options->quiet},
	    {"--trace", &options->trace},     {"--help", &options->help},
	    {"-h", &options->help},
	};
	const char *ceiling;
	int rc;

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		if (strcmp(argv[*next], switches[i].name))
			continue;
		*switches[i].set = true;
		(*next)++;
		return 1;
	}
	rc = valued("within", argc, argv, next, &ceiling, err);
	if (rc == 1)
		ceilings[(*nceilings)++] = ceiling;
	return rc ? rc : valued("chdir", argc, argv, next, &options->directory, err);
}

/* So that silence and the defaults written out compare as what they both are. */
static void spell_promises_out(struct pap_policy *policy)
{
	if (policy->promises_given)
		return;
	policy->promises = pap_promises_effective(policy);
	policy->promises_origin = (struct pap_origin){.source = "default promises"};
	policy->promises_given = true;
}

/* Both policies are resolved first: what is compared is what will be granted. */
static int check_ceiling(struct pap_policy *policy, const char *file, struct pap_error *err)
{
	struct pap_policy *ceiling = pap_policy_new();
	int rc;

	if (!ceiling)
		return pap_fail(err, -ENOMEM, "out of memory");
	rc = pap_policy_parse_file(ceiling, file, err);
	if (!rc)
		rc = pap_policy_resolve(ceiling, err);
	if (!rc)
		rc = pap_policy_resolve(policy, err);
	if (!rc) {
		spell_promises_out(ceiling);
		spell_promises_out(policy);
		rc = pap_policy_within(policy, ceiling, err);
	}
	pap_policy_free(ceiling);
	return rc;
}

static int parse(struct pap_run_options *options, struct pap_policy *policy, const char **ceilings,
		 size_t *nceilings, int argc, char **argv, struct pap_error *err)
{
	int next = 1, rc;

	while (next < argc && argv[next][0] == '-') {
		if (!strcmp(argv[next], "--")) {
			next++;
			break;
		}
		rc = own_flag(options, ceilings, nceilings, argc, argv, &next, err);
		if (!rc)
			rc = pap_flags_policy(policy, argc, argv, &next, err);
		if (rc < 0)
			return rc;
		if (!rc)
			return pap_flags_unknown(argv[next], own_flags, err);
	}
	options->command = argv + next;
	if (options->help)
		return 0;
	if (next >= argc || !argv[next][0]) {
		pap_fail(err, -EINVAL, "no program to run");
		pap_hint(err, "paprika run --ro /usr -- PROGRAM [ARGUMENT...]");
		return -EINVAL;
	}
	return 0;
}

int pap_run_options_parse(struct pap_run_options *options, struct pap_policy *policy, int argc,
			  char **argv, struct pap_error *err)
{
	const char **ceilings = calloc((size_t)argc + 1, sizeof(*ceilings));
	size_t nceilings = 0;
	int rc;

	if (!ceilings)
		return pap_fail(err, -ENOMEM, "out of memory");
	rc = parse(options, policy, ceilings, &nceilings, argc, argv, err);
	for (size_t i = 0; !rc && !options->help && i < nceilings; i++)
		rc = check_ceiling(policy, ceilings[i], err);
	free(ceilings);
	return rc;
}

int pap_run_help(void)
{
	struct pap_text text = {0};

	pap_flags_help(&text);
	printf("usage: paprika %s\n\n"
	       "Grants (PATH relative to the working directory; all may repeat):\n%s"
	       "\nRunning:\n"
	       "  --chdir DIR                start there\n"
	       "  --within FILE              refuse when the policy grants more than FILE does\n"
	       "  --dry-run                  show what would be enforced, run nothing\n"
	       "  --quiet                    do not report denials\n"
	       "  --trace                    also say which grant was missing for a file or port\n"
	       "  --help                     this\n"
	       "\nExit status: the program's own; 128+n when it died of signal n; 125 when the\n"
	       "sandbox could not be set up, 126 when the program could not be executed, 127\n"
	       "when it was not found.\n",
	       pap_command_run.usage, text.data ? text.data : "");
	pap_text_free(&text);
	return fflush(stdout) ? PAP_EXIT_SETUP : 0;
}
