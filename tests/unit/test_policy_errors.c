/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person reads when a policy file is wrong: a table of malformed texts,
 * each with its exact message and hint. To see that a row fails for the reason it
 * names, most have a neighbour in test_policy_parse.c that is right.
 */
#include "harness.h"
#include "policy_text.h"

struct wrong {
	const char *text, *message, *hint;
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void check_wrong(const struct wrong *rows, size_t count)
{
	struct pap_error err;
	char shown[1024];

	for (size_t i = 0; i < count; i++) {
		struct pap_policy *policy = parse(rows[i].text, &err);

		if (!CHECK(!policy)) {
			test_note("accepted: %s", rows[i].text);
			pap_policy_free(policy);
			continue;
		}
		CHECK(err.code < 0);
		pap_error_format(&err, shown, sizeof(shown));
		CHECK_STR(shown, rows[i].message);
		CHECK_STR(err.hint, rows[i].hint);
	}
}

TEST(structure)
{
	static const struct wrong rows[] = {
	    {"ro = /usr\n", "p:1:1: the key \"ro\" stands before any section",
	     "\"ro\" belongs to [files]"},
	    {"what = /usr\n", "p:1:1: the key \"what\" stands before any section",
	     "expected a line such as [files] first"},
	    {"[file]\n", "p:1:2: unknown section \"file\"",
	     "did you mean \"files\"? expected one of files, network, process, limits, "
	     "environment, descriptors, policy"},
	    {"\n\n  [banana]\n", "p:3:4: unknown section \"banana\"",
	     "expected one of files, network, process, limits, environment, descriptors, policy"},
	    {"[]\n", "p:1:2: unknown section \"\"",
	     "expected one of files, network, process, limits, environment, descriptors, policy"},
	    {"[files\nro = /\n", "p:1:1: the section's name is not closed", "expected [NAME]"},
	    {"[files] ro = /\n", "p:1:9: unexpected text after the section's name",
	     "a section stands on a line of its own"},
	    {"[files]#x\n", "p:1:8: unexpected text after the section's name",
	     "a section stands on a line of its own"},
	    {"[network]\nconect = 80\n", "p:2:1: unknown key \"conect\" in [network]",
	     "did you mean \"connect\"? expected one of connect, listen"},
	    {"[network]\nro = /usr\n", "p:2:1: unknown key \"ro\" in [network]",
	     "\"ro\" belongs to [files]"},
	    {"[files]\nRO = /usr\n", "p:2:1: unknown key \"RO\" in [files]",
	     "did you mean \"ro\"? expected one of ro, ro-try, rx, rx-try, rw, rw-try, rwx, "
	     "rwx-try, wo, wo-try, xo, xo-try, wx, wx-try"},
	    {"[files]\nro /usr\n", "p:2:4: a \"=\" is missing", "expected KEY = VALUE"},
	    {"[files]\nro", "p:2:3: a \"=\" is missing", "expected KEY = VALUE"},
	    {"[files]\n= /usr\n", "p:2:1: a key is missing before the \"=\"",
	     "expected KEY = VALUE"},
	    {"[files]\nro =\n", "p:2:5: the value is missing", "an empty value is written \"\""},
	    {"[files]\nro =   # none\n", "p:2:8: the value is missing",
	     "an empty value is written \"\""},
	    {"[files]\nro = ;none\n", "p:2:6: the value is missing",
	     "an empty value is written \"\""},
	};

	check_wrong(rows, COUNT(rows));
}

TEST(quotes_and_escapes)
{
	static const struct wrong rows[] = {
	    {"[files]\nro = \"/usr\nrw = \"/tmp\"\n", "p:2:6: the quote is not closed",
	     "it has to end on the same line; a newline is written \\n"},
	    {"[files]\nro = \"", "p:2:6: the quote is not closed",
	     "it has to end on the same line; a newline is written \\n"},
	    {"[files]\nro = \"/usr\\\"", "p:2:6: the quote is not closed",
	     "it has to end on the same line; a newline is written \\n"},
	    {"[files]\nro = \"/usr\" /etc\n", "p:2:13: unexpected text after the closing quote",
	     "quote the whole value, or leave a blank before a comment"},
	    {"[files]\nro = \"/usr\"#x\n", "p:2:12: unexpected text after the closing quote",
	     "quote the whole value, or leave a blank before a comment"},
	    {"[files]\nro = \"/usr\"x #\n", "p:2:12: unexpected text after the closing quote",
	     "quote the whole value, or leave a blank before a comment"},
	    {"[files]\nro = /a\"b\"\n", "p:2:8: a quote in the middle of a value",
	     "quote the whole value; a plain quote is then written \\\""},
	    {"[files]\nro = /a\\ b\n", "p:2:8: a backslash outside quotes",
	     "quote the whole value; a plain backslash is then written \\\\"},
	    {"[files]\nro = \"/a\\q\"\n", "p:2:9: unknown escape",
	     "expected \\n, \\t, \\\\, \\\", \\$ or \\xNN"},
	    {"[files]\nro = \"/a\\", "p:2:9: unknown escape",
	     "expected \\n, \\t, \\\\, \\\", \\$ or \\xNN"},
	    {"[files]\nro = \"/a\\x1\"\n", "p:2:9: two hexadecimal digits have to follow \\x",
	     "expected for example \\x1b"},
	    {"[files]\nro = \"/a\\x", "p:2:9: two hexadecimal digits have to follow \\x",
	     "expected for example \\x1b"},
	    {"[files]\nro = \"/a\\x00\"\n", "p:2:9: no value can hold a NUL byte",
	     "paths and variables end at the first one"},
	};

	check_wrong(rows, COUNT(rows));
}

TEST(variables)
{
	static const struct wrong rows[] = {
	    {"[files]\nro = $NOPE/x\n", "p:2:6: the variable \"NOPE\" is not set",
	     "set it, or write \\$ inside quotes for a plain $"},
	    {"[files]\nro = \"/a/${NOPE}\"\n", "p:2:10: the variable \"NOPE\" is not set",
	     "set it, or write \\$ inside quotes for a plain $"},
	    {"[files]\nro = $EMPTY/x\n", "p:2:6: the variable \"EMPTY\" is empty",
	     "in a path that would name something else altogether"},
	    {"[files]\nro = /a$\n", "p:2:8: no variable's name follows the $",
	     "expected $NAME or ${NAME}; a plain $ is written \\$ inside quotes"},
	    {"[files]\nro = ${HOME\n", "p:2:6: no variable's name follows the $",
	     "expected $NAME or ${NAME}; a plain $ is written \\$ inside quotes"},
	    {"[files]\nro = ${}\n", "p:2:6: no variable's name follows the $",
	     "expected $NAME or ${NAME}; a plain $ is written \\$ inside quotes"},
	    {"[files]\nro = $1\n", "p:2:6: no variable's name follows the $",
	     "expected $NAME or ${NAME}; a plain $ is written \\$ inside quotes"},
	    {"[network]\nconnect = $TWO\n", "p:2:11: no variable can stand here",
	     "variables are expanded in paths, includes and values of \"set\""},
	    {"[environment]\nset = $PAIR\n", "p:2:7: \"set\" needs a name and a value",
	     "expected set = NAME=VALUE"},
	    {"[environment]\nset = A$PAIR=x\n", "p:2:7: \"set\" needs a name and a value",
	     "expected set = NAME=VALUE"},
	    {"[files]\nro = ~/src\n", "p:2:6: \"~\" means nothing in a policy",
	     "write $HOME, or quote the path when it really begins with ~"},
	};

	check_wrong(rows, COUNT(rows));
}

TEST(words)
{
	static const struct wrong rows[] = {
	    {"[files]\nro = \"\"\n", "p:2:6: the path is empty",
	     "the working directory is written \".\""},
	    {"[network]\nconnect = 80 65536\n", "p:2:14: \"65536\" is not a port",
	     "expected a number from 0 to 65535, udp:NUMBER, any or udp:any"},
	    {"[network]\nconnect = \"80 x\"\n", "p:2:15: \"x\" is not a port",
	     "expected a number from 0 to 65535, udp:NUMBER, any or udp:any"},
	    {"[network]\nconnect = \"80 \\x78\"\n", "p:2:11: \"x\" is not a port",
	     "expected a number from 0 to 65535, udp:NUMBER, any or udp:any"},
	    {"[network]\nconnect = 80,443\n", "p:2:11: \"80,443\" is not a port",
	     "expected a number from 0 to 65535, udp:NUMBER, any or udp:any"},
	    {"[network]\nconnect = example.org:443\n",
	     "p:2:11: \"example.org:443\" names a host, ports are granted without",
	     "grants by host name are not supported yet; \"443\" grants the port at every host"},
	    {"[network]\nconnect = [::1]:x\n",
	     "p:2:11: \"[::1]:x\" names a host, ports are granted without",
	     "grants by host name are not supported yet; expected a port such as 443"},
	    {"[network]\nconnect = 0\n", "p:2:11: nothing can be reached at port 0",
	     "\"any\" grants every port"},
	    {"[process]\npromises = stdio rpaht\n", "p:2:18: unknown promise \"rpaht\"",
	     "did you mean \"rpath\"?"},
	    {"[process]\npromises = everything\n", "p:2:12: unknown promise \"everything\"",
	     "expected words of pledge(2) such as stdio, rpath, inet"},
	    {"[process]\nprivate-tmp = true\n", "p:2:15: \"true\" is neither yes nor no",
	     "expected private-tmp = yes or private-tmp = no"},
	    {"[process]\non-violation = explode\n",
	     "p:2:16: \"explode\" is no answer to a violation", "expected deny or kill"},
	    {"[process]\ncapability = net_bind_servic\n",
	     "p:2:14: unknown capability \"net_bind_servic\"",
	     "did you mean \"net_bind_service\"?"},
	    {"[limits]\nmemory = 1.5G\n",
	     "p:2:10: \"1.5G\" is not a value for the limit \"memory\"",
	     "expected a size such as 512M or 2G"},
	    {"[limits]\nfiles = 0\n", "p:2:9: the limit \"files\" is out of range",
	     "it goes from 1 to 2147483647"},
	    {"[limits]\nfiles = 1 2\n", "p:2:9: \"1 2\" is not a value for the limit \"files\"",
	     "expected a number such as 256"},
	    {"[environment]\npass = A=b\n", "p:2:8: \"pass\" takes names, not values",
	     "expected pass = NAME or set = NAME=VALUE"},
	    {"[environment]\nset = PATH\n", "p:2:7: \"set\" needs a name and a value",
	     "expected set = NAME=VALUE"},
	    {"[environment]\nset = =x\n", "p:2:7: the name of the variable is empty", ""},
	    {"[environment]\nset = A B=x\n", "p:2:7: \"A B\" cannot be the name of a variable", ""},
	    {"[descriptors]\nkeep = 3 -1\n", "p:2:10: \"-1\" is not a descriptor number",
	     "expected a number such as 3"},
	    {"[descriptors]\nkeep = 9999999\n", "p:2:8: 9999999 is not a descriptor number", ""},
	    {"[policy]\nwaive = TCP\n", "p:2:9: \"TCP\" cannot be waived",
	     "expected a name that `paprika check` lists, such as tcp-ports"},
	};

	check_wrong(rows, COUNT(rows));
}

TEST(contradictions_name_the_first_place)
{
	static const struct wrong rows[] = {
	    {"[limits]\nmemory = 1G\n[files]\n[limits]\n  memory = 2G\n",
	     "p:5:12: the limit \"memory\" was given another value before",
	     "it is first given at p:2:10"},
	    {"[process]\nno-network = yes\nno-network = no\n",
	     "p:3:14: the key \"no-network\" was given another value before",
	     "it is first given at p:2:14"},
	    {"[process]\nno-network = no\nno-network = yes\n",
	     "p:3:14: the key \"no-network\" was given another value before",
	     "it is first given at p:2:14"},
	    {"[process]\non-violation = deny\non-violation = kill\n",
	     "p:3:16: the answer to a \"violation\" was given another value before",
	     "it is first given at p:2:16"},
	    {"[environment]\npass = A B\nset = B=c\n",
	     "p:3:7: the variable \"B\" was given another value before",
	     "it is first given at p:2:10"},
	    {"[environment]\nset = B=c\nset = B=d\n",
	     "p:3:7: the variable \"B\" was given another value before",
	     "it is first given at p:2:7"},
	};

	check_wrong(rows, COUNT(rows));
}

TEST(hostile_bytes_are_shown_escaped)
{
	static const struct wrong rows[] = {
	    {"[\xe2\x80\xae"
	     "selif]\n",
	     "p:1:2: unknown section \"\\xe2\\x80\\xaeselif\"",
	     "expected one of files, network, process, limits, environment, descriptors, policy"},
	    {"[network]\nconnect = \"\\x1b]0;x\\x07\"\n",
	     "p:2:11: \"\\x1b]0;x\\x07\" is not a port",
	     "expected a number from 0 to 65535, udp:NUMBER, any or udp:any"},
	    {"[limits]\nmemory = \xff\n",
	     "p:2:10: \"\\xff\" is not a value for the limit \"memory\"",
	     "expected a size such as 512M or 2G"},
	    {"[files]\nro = /a\x1b[0m\n", "p:2:8: a control character (byte 0x1b)",
	     "inside quotes it is written \\x1b"},
	    {"[files]\nro = /a\rb\n", "p:2:8: a control character (byte 0x0d)",
	     "inside quotes it is written \\x0d"},
	    {"# \x7f\n", "p:1:3: a control character (byte 0x7f)",
	     "inside quotes it is written \\x7f"},
	};
	struct pap_error err;
	char shown[1024];

	check_wrong(rows, COUNT(rows));
	CHECK(!parse_bytes("ro", 2, "evil\x1b[2J\nname", NULL, &err));
	pap_error_format(&err, shown, sizeof(shown));
	CHECK_STR(shown, "evil\\x1b[2J\\nname:1:3: a \"=\" is missing");
}

TEST(binary_files)
{
	static const char elf[] = "\177ELF\2\1\1\0\0\0", utf16[] = "\xff\xfe[\0f\0";
	struct pap_error err;
	char shown[1024];

	CHECK(!parse_bytes(elf, sizeof(elf), "p", NULL, &err));
	pap_error_format(&err, shown, sizeof(shown));
	CHECK_STR(shown, "p:1:1: a control character (byte 0x7f)");
	CHECK(!parse_bytes(utf16, sizeof(utf16), "p", NULL, &err));
	pap_error_format(&err, shown, sizeof(shown));
	CHECK_STR(shown, "p:1:4: a NUL byte");
	CHECK_STR(err.hint, "this does not look like a policy file");
	/* the control: the same bytes without the NUL are read as text */
	CHECK(!parse_bytes("[f", 2, "p", NULL, &err));
	CHECK_STR(err.message, "the section's name is not closed");
}
