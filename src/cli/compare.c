/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika compare: the same attacks and the same job under each model, made afresh here and
 * now. What a model is, and what counts as having worked, stands in src/compare.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/compare.h"

struct compare_options {
	bool json, help, list;
	const char *svg;
	struct pap_experiment_options run;
};

static const char *const flags[] = {"--json", "--svg",  "--model", "--attack",
				    "--no-costs", "--list", "--help",  NULL};

static volatile int stopped;

static void on_signal(int number)
{
	stopped = number;
}

static int bad_argument(const char *word, struct pap_error *err)
{
	char shown[64];

	pap_fail(err, -EINVAL, "compare: unknown argument \"%s\"",
		 pap_escape(shown, sizeof(shown), word, strlen(word)));
	if (pap_nearest(word, flags))
		pap_hint(err, "did you mean %s?", pap_nearest(word, flags));
	else
		pap_hint(err, "usage: paprika %s", pap_command_compare.usage);
	return -EINVAL;
}

/* "--flag VALUE" or "--flag=VALUE": 1 and *value set, 0 when it is another word. */
static int valued(const char *flag, int argc, char **argv, int *at, const char **value,
		  struct pap_error *err)
{
	size_t length = strlen(flag);
	const char *word = argv[*at];

	if (strncmp(word, flag, length) || (word[length] && word[length] != '='))
		return 0;
	if (*value)
		return pap_fail(err, -EINVAL, "%s is given twice", flag);
	if (word[length])
		*value = word + length + 1;
	else if (*at + 1 == argc)
		return pap_fail(err, -EINVAL, "%s needs a value", flag);
	else
		*value = argv[++*at];
	return 1;
}

static int parse(struct compare_options *options, int argc, char **argv, struct pap_error *err)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		int rc;

		if (!strcmp(word, "--json")) {
			options->json = true;
		} else if (!strcmp(word, "--list")) {
			options->list = true;
		} else if (!strcmp(word, "--no-costs")) {
			options->run.costs = false;
		} else if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
			options->help = true;
		} else {
			rc = valued("--svg", argc, argv, &i, &options->svg, err);
			if (!rc)
				rc = valued("--model", argc, argv, &i, &options->run.model, err);
			if (!rc)
				rc = valued("--attack", argc, argv, &i, &options->run.attack, err);
			if (rc <= 0)
				return rc ? rc : bad_argument(word, err);
		}
	}
	return 0;
}

static int help(void)
{
	printf("usage: paprika %s\n\n"
	       "  --json           print an object for programs\n"
	       "  --svg FILE       also draw a picture\n"
	       "  --model NAME     only under this model\n"
	       "  --attack NAME    only this attack, or this class of them\n"
	       "  --no-costs       measure nothing\n"
	       "  --list           say which models and attacks there are, and try none\n",
	       pap_command_compare.usage);
	return ferror(stdout) ? PAP_EXIT_SETUP : 0;
}

static int list(void)
{
	puts("models");
	for (size_t i = 0; pap_models[i]; i++)
		printf("  %-24s %s\n", pap_models[i]->name, pap_models[i]->title);
	for (const struct pap_attack_class *class = pap_attack_classes; class->name; class++) {
		printf("%s: %s\n", class->name, class->what);
		for (const struct pap_attack *attack = class->attacks; attack->name; attack++)
			printf("  %-24s %s\n", attack->name, attack->what);
	}
	return ferror(stdout) ? PAP_EXIT_SETUP : 0;
}

static int draw(const struct pap_experiment *experiment, const char *path, struct pap_error *err)
{
	FILE *out = fopen(path, "we");
	char shown[128];
	bool failed;

	if (out)
		pap_compare_svg(experiment, out);
	failed = !out || ferror(out);
	if (out && fclose(out))
		failed = true;
	if (!failed)
		return 0;
	return pap_fail(err, -EIO, "cannot write %s: %s",
			pap_escape(shown, sizeof(shown), path, strlen(path)), strerror(errno));
}

static int print(const struct pap_experiment *experiment, const struct compare_options *options,
		 struct pap_error *err)
{
	int rc = 0;

	if (options->json)
		rc = pap_compare_json(experiment);
	else
		pap_compare_text(experiment);
	if (rc || fflush(stdout) || ferror(stdout))
		return pap_fail(err, -EIO, "cannot write the answer");
	return options->svg ? draw(experiment, options->svg, err) : 0;
}

static int command(int argc, char **argv)
{
	struct compare_options options = {.run = {.costs = true, .stop = &stopped}};
	struct sigaction on_end = {.sa_handler = on_signal};
	struct pap_experiment experiment = {0};
	struct pap_error err = {0};
	int rc = parse(&options, argc, argv, &err);

	if (!rc && options.help)
		return help();
	if (!rc && options.list)
		return list();
	/* What was made is taken away first. */
	sigaction(SIGINT, &on_end, NULL);
	sigaction(SIGTERM, &on_end, NULL);
	sigaction(SIGHUP, &on_end, NULL);
	if (!rc)
		rc = pap_experiment_run(&experiment, &options.run, &err);
	if (rc == -ENOENT)
		pap_hint(&err, "paprika compare --list says which there are");
	if (!rc)
		rc = print(&experiment, &options, &err);
	pap_experiment_free(&experiment);
	if (stopped)
		return 128 + stopped;
	if (rc)
		pap_cli_error(&err);
	return rc ? PAP_EXIT_SETUP : 0;
}

const struct pap_command pap_command_compare = {
    .name = "compare",
    .usage = "compare [--json] [--svg FILE] [--model NAME] [--attack NAME] [--no-costs] [--list]",
    .about = "try the same attacks under different sandboxes, here and now",
    .run = command,
};
