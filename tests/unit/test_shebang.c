/* SPDX-License-Identifier: BSD-2-Clause */
/* The first line of scripts, and what env makes of its argument: tables. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/shebang.h"
#include "harness.h"

#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct line {
	const char *text;
	int result;
	const char *interpreter, *argument;
} lines[] = {
    {"#!/bin/sh\n", 1, "/bin/sh", ""},
    {"#!/bin/sh", 1, "/bin/sh", ""}, /* zero bytes follow a short file */
    {"#! \t /bin/sh \t \n", 1, "/bin/sh", ""},
    {"#!/bin/sh -e  -u \t\necho\n", 1, "/bin/sh", "-e  -u"},
    {"#!/bin/sh\r\n", 1, "/bin/sh\r", ""},
    {"#!sh\n", 1, "sh", ""},
    {"#!\n", -ENOEXEC, NULL, NULL},
    {"#!   \n/bin/sh\n", -ENOEXEC, NULL, NULL},
    {"#!", -ENOEXEC, NULL, NULL},
    {"#", 0, NULL, NULL},
    {"", 0, NULL, NULL},
    {" #!/bin/sh\n", 0, NULL, NULL},
    {"\177ELF", 0, NULL, NULL},
    /* A name that fills all that is read is not known to be whole. */
    {"#!/" X50 X50 X50 X50 X50 X50 "\n", -ENOEXEC, NULL, NULL},
    /* An argument may be cut short: 255 bytes count. */
    {"#!/i " X50 X50 X50 X50 X50 X50 "\n", 1, "/i", X50 X50 X50 X50 X50},
};

TEST(lines_are_read_as_the_kernel_does)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const struct line *line = &lines[i];
		struct pap_shebang out;
		int result = pap_shebang_parse(line->text, strlen(line->text), &out);

		if (!CHECK_EQ(result, line->result))
			test_note("line %zu: %s", i, line->text);
		if (result != 1 || line->result != 1)
			continue;
		CHECK_STR(out.interpreter, line->interpreter);
		CHECK_STR(out.argument, line->argument);
	}
}

TEST(a_nul_byte_ends_a_word)
{
	struct pap_shebang out;

	CHECK_EQ(pap_shebang_parse("#!/bin/sh\0-e\n", 13, &out), 1);
	CHECK_STR(out.interpreter, "/bin/sh");
	CHECK_STR(out.argument, "");
	CHECK_EQ(pap_shebang_parse("#!/bin/sh -e\0-u\n", 16, &out), 1);
	CHECK_STR(out.argument, "-e");
	CHECK_EQ(pap_shebang_parse("#!\0/bin/sh\n", 11, &out), -ENOEXEC);
}

/*
 * The kernel is asked about the same lines: it must find the interpreter that we
 * find, and refuse what we refuse. The interpreter of each line is looked for in
 * an empty directory, so ENOENT means that the line was accepted.
 */
TEST(the_kernel_agrees)
{
	char path[512];

	REQUIRE(chdir(test_directory()) == 0);
	snprintf(path, sizeof(path), "%s/script", test_directory());
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char *argv[] = {path, NULL};
		struct pap_shebang out;
		int fd, result;

		if (strncmp(lines[i].text, "#!", 2) || strstr(lines[i].text, "/bin/sh"))
			continue;
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
		REQUIRE(fd >= 0);
		REQUIRE(write(fd, lines[i].text, strlen(lines[i].text)) >= 0);
		close(fd);
		result = pap_shebang_parse(lines[i].text, strlen(lines[i].text), &out);
		CHECK_EQ(execve(path, argv, argv + 1), -1);
		if (!CHECK_EQ(errno == ENOENT, result == 1))
			test_note("line %zu: %s: %s", i, lines[i].text, strerror(errno));
	}
}

static const struct call {
	const char *argument;
	bool known;
	const char *program, *path; /* path: NULL: not set, "": reset */
} calls[] = {
    {"python3", true, "python3", NULL},
    {"python3 -u", true, "python3 -u", NULL}, /* env sees one word */
    {"/usr/bin/awk", true, "/usr/bin/awk", NULL},
    {"-S python3 -u", true, "python3", NULL},
    {"-Spython3 -u", true, "python3", NULL},
    {"-vS python3", true, "python3", NULL},
    {"-iS python3", true, "python3", ""},
    {"--split-string=python3 x", true, "python3", NULL},
    {"-S -i A=1 python3", true, "python3", ""},
    {"-S - python3", true, "python3", ""},
    {"-S -u PATH python3", true, "python3", ""},
    {"-S -uPATH python3", true, "python3", ""},
    {"-S --unset=PATH python3", true, "python3", ""},
    {"-S --unset HOME python3", true, "python3", NULL},
    {"-S PATH=/a:/b B= python3", true, "python3", "/a:/b"},
    {"-S --ignore-signal=INT -- python3", true, "python3", NULL},
    {"-S -- -odd", true, "-odd", NULL},
    {"-S 'my program' x", true, "my program", NULL},
    {"-S \"my\\_program\" x", true, "my program", NULL},
    {"-S my\\_program x", true, "my", NULL},
    {"-S my\\tprogram", true, "my\tprogram", NULL},
    {"-S 'a\\b'", true, "a\\b", NULL},
    {"-S \\_\\_python3", true, "python3", NULL},
    {"-S ${HOME}/bin/x", false, NULL, NULL},
    {"-S '$x'", true, "$x", NULL},
    {"-S 'open", false, NULL, NULL},
    {"-S a\\c b", false, NULL, NULL},
    {"-S a\\q", false, NULL, NULL},
    {"-S # nothing", false, NULL, NULL},
    {"-S ", false, NULL, NULL},
    {"-S ''", false, NULL, NULL},
    {"-S -C /tmp python3", false, NULL, NULL},
    {"-S --chdir=/tmp python3", false, NULL, NULL},
    {"-S -u", false, NULL, NULL},
    {"-S A=1", false, NULL, NULL},
    {"-i", false, NULL, NULL},
    {"A=1", false, NULL, NULL},
    {"", false, NULL, NULL},
    {X50 X50 X50 X50 X50 X50, false, NULL, NULL},
    {"-S " X50 X50 X50 X50 X50 X50, false, NULL, NULL},
};

TEST(env_arguments)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		const struct call *call = &calls[i];
		struct pap_env_call out;

		if (!CHECK_EQ(pap_env_parse(call->argument, &out), call->known)) {
			test_note("argument: %s", call->argument);
			continue;
		}
		if (!call->known)
			continue;
		CHECK_STR(out.program, call->program);
		CHECK_EQ(out.path_set, call->path && call->path[0]);
		CHECK_EQ(out.path_reset && !out.path_set, call->path && !call->path[0]);
		if (out.path_set)
			CHECK_STR(out.path, call->path);
	}
}

TEST(any_bytes_have_an_answer)
{
	static const char letters[] = "#!/ \t\n\\'\"$-Siu_aA=\0";

	for (unsigned round = 0; round < 20000; round++) {
		char bytes[PAP_SHEBANG_SIZE + 8];
		size_t length = test_random_below(sizeof(bytes));
		struct pap_shebang script;
		struct pap_env_call call;
		int result;

		for (size_t i = 0; i < length; i++)
			bytes[i] = letters[test_random_below(sizeof(letters))];
		if (length > 2)
			memcpy(bytes, "#!", 2);
		result = pap_shebang_parse(bytes, length, &script);
		CHECK(result == 0 || result == 1 || result == -ENOEXEC);
		if (result == 1)
			CHECK(script.interpreter[0] &&
			      strlen(script.interpreter) < PAP_SHEBANG_SIZE);
		if (length == sizeof(bytes))
			length--;
		bytes[length] = '\0';
		if (length > 3)
			memcpy(bytes, "-S ", 3);
		if (pap_env_parse(bytes, &call))
			CHECK(call.program[0] && strlen(call.program) < PAP_SHEBANG_SIZE);
	}
}
