/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts lines of the files beneath /etc that it is given, after having confined
 * itself to reading beneath /etc: whatever a hostile file could make it do, it
 * can only read there and write to its standard output.
 *
 *	cc confined_wc.c $(pkg-config --cflags --libs paprika)
 */
#include <paprika.h>
#include <stdio.h>
#include <stdlib.h>

static void confine(void)
{
	paprika_policy *policy = paprika_policy_new();
	struct paprika_error why;

	if (!policy)
		exit(2);
	if (paprika_allow_path(policy, "/etc", PAPRIKA_READ, &why) < 0 ||
	    paprika_promise(policy, "stdio rpath", &why) < 0 || paprika_enter(policy, &why) < 0) {
		fprintf(stderr, "confined_wc: %s\n%s\n", why.message, why.hint);
		exit(2);
	}
	paprika_policy_free(policy);
}

int main(int argc, char **argv)
{
	int status = 0;

	confine();
	for (int i = 1; i < argc; i++) {
		unsigned long lines = 0;
		FILE *file = fopen(argv[i], "r");
		int c;

		if (!file) {
			perror(argv[i]);
			status = 1;
			continue;
		}
		while ((c = getc(file)) != EOF)
			lines += c == '\n';
		fclose(file);
		printf("%lu %s\n", lines, argv[i]);
	}
	return status;
}
