/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/environment.h"

#include <stdlib.h>
#include <string.h>

/* None of these makes a program load code or trust a file that was not granted. */
const char *const pap_environment_defaults[] = {
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "COLORTERM", "TZ", "LANG", "LANGUAGE",
    "LC_*", NULL,
};

const char *pap_environment_get(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (!strncmp(*environment, name, length) && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

static bool is_default(const char *entry)
{
	size_t length = strcspn(entry, "=");

	for (size_t i = 0; pap_environment_defaults[i]; i++) {
		const char *name = pap_environment_defaults[i];
		size_t n = strlen(name);

		if (name[n - 1] == '*' ? !strncmp(entry, name, n - 1)
				       : length == n && !strncmp(entry, name, n))
			return true;
	}
	return false;
}

static char *pair(const char *name, const char *value)
{
	size_t n = strlen(name), v = strlen(value);
	char *entry = malloc(n + v + 2);

	if (!entry)
		return NULL;
	memcpy(entry, name, n);
	entry[n] = '=';
	memcpy(entry + n + 1, value, v + 1);
	return entry;
}

/* Replaces an entry of that name or adds it at the end. */
static bool put(char **environment, size_t *count, const char *name, const char *value)
{
	size_t length = strlen(name), i;
	char *entry = pair(name, value);

	if (!entry)
		return false;
	for (i = 0; i < *count; i++)
		if (!strncmp(environment[i], name, length) && environment[i][length] == '=')
			break;
	free(environment[i]);
	environment[i] = entry;
	if (i == *count)
		(*count)++;
	return true;
}

char **pap_environment_make(const struct pap_policy *policy, char *const *inherited)
{
	size_t room = policy->environment.count + 1, count = 0;
	char **environment;

	for (size_t i = 0; inherited[i]; i++)
		room++;
	environment = calloc(room, sizeof(*environment));
	if (!environment)
		return NULL;
	for (size_t i = 0; inherited[i]; i++) {
		if (!is_default(inherited[i]) || !strchr(inherited[i], '='))
			continue;
		environment[count] = strdup(inherited[i]);
		if (!environment[count++])
			goto failed;
	}
	for (size_t i = 0; i < policy->environment.count; i++) {
		const struct pap_env_grant *grant = &policy->environment.items[i];
		const char *value =
		    grant->value ? grant->value : pap_environment_get(inherited, grant->name);

		if (value && !put(environment, &count, grant->name, value))
			goto failed;
	}
	return environment;
failed:
	pap_environment_free(environment);
	return NULL;
}

void pap_environment_free(char **environment)
{
	for (size_t i = 0; environment && environment[i]; i++)
		free(environment[i]);
	free(environment);
}
