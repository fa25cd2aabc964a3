/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the tables of this folder. A line is a comment, a setting or a row:
 *
 *	# policy: promise "stdio rpath" connect 443 listen udp:any rw / kill
 *	# kernel: 6.1		(7.3 before the first)
 *	# supervisor: no	(yes before the first)
 *	x86_64 openat AT_FDCWD 0x1000 O_RDONLY -> allow: promise rpath
 *	both 0x40000001 -> errno ENOSYS: -
 *
 * The verdict is worked out by the rules and by the compiled filter. What follows
 * the colon must occur in the words of the rule that decided; - is no rule. "i386"
 * and "arm" are calls through those entries, which want a number.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile/plan.h"
#include "harness.h"

struct table {
	const char *name;
	unsigned line;
	unsigned rows;
	char kernel[16];
	bool supervisor;
	char policy_line[256];
	struct pap_policy *policy;
	struct pap_features features[PAP_ARCH_COUNT];
	struct pap_plan *plan[PAP_ARCH_COUNT]; /* made when a row needs them */
};

static void fail(const struct table *t, const char *format, const char *word)
{
	test_note("%s.sim:%u: ", t->name, t->line);
	test_note(format, word);
	REQUIRE(!"the table is well-formed and true");
}

static void forget_plans(struct table *t)
{
	for (unsigned i = 0; i < PAP_ARCH_COUNT; i++) {
		pap_plan_free(t->plan[i]);
		t->plan[i] = NULL;
	}
}

/* ---- settings -----------------------------------------------------------------------------------
 */

/* The next word, or a "quoted one", cut out of the line. NULL at its end. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	bool quoted = *word == '"';
	size_t length;

	if (!*word)
		return NULL;
	word += quoted;
	length = strcspn(word, quoted ? "\"" : " \t");
	*rest = word + length + (word[length] != '\0');
	word[length] = '\0';
	return word;
}

static void grant(struct table *t, const char *key, const char *value)
{
	struct pap_origin origin = {.source = "table"};
	enum pap_transport transport;
	struct pap_error err = {0};
	uint32_t port;
	int rc = -EINVAL;

	if (!strcmp(key, "promise")) {
		rc = pap_policy_promise(t->policy, value, origin, &err);
	} else if (!strcmp(key, "rw")) {
		rc = pap_policy_grant_file(t->policy, value, PAP_ACCESS_READ | PAP_ACCESS_WRITE,
					   false, origin, &err);
	} else if (!strcmp(key, "connect") || !strcmp(key, "listen")) {
		rc = pap_parse_port(value, &transport, &port, origin, &err);
		if (!rc)
			rc = pap_policy_grant_port(t->policy,
						   key[0] == 'c' ? PAP_NET_CONNECT : PAP_NET_LISTEN,
						   transport, port, origin, &err);
	}
	if (rc)
		fail(t, "cannot grant: %s", err.message);
}

static void set_policy(struct table *t, char *words)
{
	char *key, *value;

	pap_policy_free(t->policy);
	t->policy = pap_policy_new();
	REQUIRE(t->policy != NULL);
	forget_plans(t);
	while ((key = next_word(&words))) {
		if (!strcmp(key, "kill")) {
			t->policy->violation = PAP_VIOLATION_KILL;
			continue;
		}
		value = next_word(&words);
		if (!value)
			fail(t, "%s needs a value", key);
		grant(t, key, value);
	}
}

static bool setting(struct table *t, char *line)
{
	if (!strncmp(line, "# policy:", 9)) {
		set_policy(t, line + 9);
	} else if (!strncmp(line, "# kernel:", 9)) {
		snprintf(t->kernel, sizeof(t->kernel), "%s", line + 9 + strspn(line + 9, " "));
		forget_plans(t);
	} else if (!strncmp(line, "# supervisor:", 13)) {
		t->supervisor = strstr(line, "yes") != NULL;
		forget_plans(t);
	} else {
		return line[0] == '#' || !line[0];
	}
	return true;
}

static struct pap_plan *plan_for(struct table *t, enum pap_arch arch)
{
	struct pap_plan_options options = {
	    .features = pap_features_of(t->kernel, arch, &t->features[arch]),
	    .denial = t->supervisor ? PAP_DENIAL_NOTIFY : PAP_DENIAL_ERRNO,
	    .supervisor = t->supervisor,
	    .describe = true,
	};
	struct pap_error err = {0};

	if (t->plan[arch])
		return t->plan[arch];
	if (!options.features)
		fail(t, "unknown kernel \"%s\"", t->kernel);
	if (!t->policy)
		fail(t, "%s before the first policy", "a row");
	if (pap_plan_make(t->policy, &options, &t->plan[arch], &err) < 0)
		fail(t, "no plan: %s", err.message);
	return t->plan[arch];
}

/* ---- rows ---------------------------------------------------------------------------------------
 */

static bool number(const char *word, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = word[0] == '-' ? (uint64_t)strtoll(word, &end, 0) : strtoull(word, &end, 0);
	return !errno && end != word && !*end;
}

static uint64_t argument(const struct table *t, enum pap_arch arch, char *word)
{
	uint64_t value = 0, bits;

	for (char *part = strtok(word, "|"); part; part = strtok(NULL, "|")) {
		if (!number(part, &bits) &&
		    !pap_constant_find_arch(arch, part, strlen(part), &bits))
			fail(t, "\"%s\" is neither number nor constant", part);
		value |= bits;
	}
	return value;
}

static void parse_call(const struct table *t, enum pap_arch arch, const char *left,
		       struct pap_seccomp_data *data)
{
	const struct pap_syscall *call;
	char text[512], *rest = text, *word;
	uint64_t nr;

	snprintf(text, sizeof(text), "%s", left);
	word = next_word(&rest);
	if (!word)
		fail(t, "%s is missing", "the call");
	if (number(word, &nr)) {
		data->nr = (int32_t)nr;
	} else {
		call = pap_syscall_find(word, strlen(word));
		if (!call || call->number[arch] < 0)
			fail(t, "no call %s there", word);
		data->nr = call->number[arch];
	}
	for (unsigned i = 0; (word = next_word(&rest)); i++) {
		if (i == 6)
			fail(t, "one argument too many: %s", word);
		data->args[i] = argument(t, arch, word);
	}
}

static void outcome(uint32_t verdict, const struct pap_rule *rule, char *buf, size_t size)
{
	static const char *const handlers[] = {"notify", "report", "metadata", "listen",
					       "signal", "trace",  "launcher"};

	if (verdict == PAP_RET_USER_NOTIF && rule)
		snprintf(buf, size, "%s %s", handlers[rule->handler],
			 pap_errno_name(rule->refusal));
	else
		pap_verdict_name(verdict, buf, size);
}

/* One row on one architecture. */
static void check_row(struct table *t, enum pap_arch arch, uint32_t audit, const char *left,
		      const char *wanted, const char *words)
{
	struct pap_seccomp_data data = {.arch = audit};
	struct pap_plan *plan = plan_for(t, arch);
	const struct pap_rule *rule;
	uint32_t verdict, compiled;
	struct pap_text said = {0};
	char got[64];

	parse_call(t, arch, left, &data);
	verdict = pap_filter_naive(plan->spec, &data, &rule);
	compiled = pap_bpf_run(plan->filter.insns, plan->filter.length, &data, NULL, NULL);
	outcome(verdict, rule, got, sizeof(got));
	pap_rule_describe(rule, &said);
	if (compiled != verdict || strcmp(got, wanted) ||
	    (strcmp(words, "-") ? !strstr(said.data ? said.data : "", words) : rule != NULL)) {
		test_note("%s.sim:%u: %s %s", t->name, t->line, pap_arch_name(arch), left);
		test_note("wanted %s: %s", wanted, words);
		test_note("got    %s: %s", got, said.data ? said.data : "-");
		CHECK_EQ(compiled, verdict);
		CHECK(!"the row is true");
	}
	pap_text_free(&said);
	t->rows++;
}

static void row(struct table *t, char *line)
{
	char *arrow = strstr(line, " -> "), *arch = next_word(&line), *wanted, *colon;
	enum pap_arch which;

	if (!arrow)
		fail(t, "%s is missing", "->");
	*arrow = '\0';
	wanted = arrow + 4 + strspn(arrow + 4, " ");
	colon = strchr(wanted, ':');
	if (!colon)
		fail(t, "%s is missing", "the rule");
	*colon = '\0';
	colon += 1 + strspn(colon + 1, " ");
	if (!strcmp(arch, "i386"))
		check_row(t, PAP_ARCH_X86_64, PAP_AUDIT_ARCH_I386, line, wanted, colon);
	else if (!strcmp(arch, "arm"))
		check_row(t, PAP_ARCH_AARCH64, PAP_AUDIT_ARCH_ARM, line, wanted, colon);
	else if (pap_arch_from_name(arch, &which))
		check_row(t, which, pap_arch_audit(which), line, wanted, colon);
	else if (!strcmp(arch, "both"))
		for (unsigned a = 0; a < PAP_ARCH_COUNT; a++)
			check_row(t, (enum pap_arch)a, pap_arch_audit((enum pap_arch)a), line,
				  wanted, colon);
	else
		fail(t, "no architecture %s", arch);
}

static const char *folder(void)
{
	static char path[4096];
	const char *source = getenv("PAPRIKA_SOURCE");

	snprintf(path, sizeof(path), "%s/tests/sim", source ? source : ".");
	return path;
}

static void run_table(const char *name)
{
	struct table t = {.name = name, .kernel = "7.3", .supervisor = true};
	char path[4200], line[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.sim", folder(), name);
	file = fopen(path, "re");
	REQUIRE(file != NULL);
	while (fgets(line, sizeof(line), file)) {
		t.line++;
		line[strcspn(line, "\n")] = '\0';
		if (!setting(&t, line))
			row(&t, line);
	}
	fclose(file);
	test_note("%u rows", t.rows);
	CHECK(t.rows > 0);
	forget_plans(&t);
	pap_policy_free(t.policy);
}

#define TABLE(name)               \
	TEST(table_##name)        \
	{                         \
		run_table(#name); \
	}

#define TABLES(X) X(entries) X(files) X(memory) X(multiplexers) X(network) X(processes) X(surface)

TABLES(TABLE)

TEST(every_table_of_the_folder_is_run)
{
#define NAME(name) #name ".sim",
	static const char *const names[] = {TABLES(NAME)};
	unsigned found = 0;
	struct dirent *entry;
	DIR *dir = opendir(folder());

	REQUIRE(dir != NULL);
	while ((entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);
		bool run = false;

		if (length < 4 || strcmp(entry->d_name + length - 4, ".sim"))
			continue;
		for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			run |= !strcmp(names[i], entry->d_name);
		if (!run)
			test_note("%s is not run", entry->d_name);
		CHECK(run);
		found++;
	}
	closedir(dir);
	CHECK_EQ(found, sizeof(names) / sizeof(names[0]));
}
