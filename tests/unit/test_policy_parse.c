/* SPDX-License-Identifier: BSD-2-Clause */
/* The text form: what right policies mean, includes, and the limits on size. */
#include <stdio.h>

#include "base/text.h"
#include "harness.h"
#include "policy_text.h"

/* The canonical text of what was read, malloc'ed; the message when nothing was. */
static char *canonical(const char *text, const char *source, const struct made_file *files)
{
	struct pap_error err;
	struct pap_policy *policy = parse_bytes(text, strlen(text), source, files, &err);
	struct pap_text out = {0};

	if (policy) {
		pap_policy_print(policy, &out);
	} else {
		char shown[1024];

		pap_error_format(&err, shown, sizeof(shown));
		pap_text_printf(&out, "%s (%s)", shown, err.hint);
	}
	pap_policy_free(policy);
	return out.data;
}

static void check_means(const char *text, const char *expected)
{
	char *got = canonical(text, "p", NULL);

	CHECK_STR(got, expected);
	free(got);
}

TEST(empty_files_grant_nothing)
{
	check_means("", "");
	check_means("\n\r\n  \t\n# comment\n ; another\n[files]\n", "");
	check_means("\xef\xbb\xbf", "");
}

TEST(every_key)
{
	check_means(
	    "[files]\nro=/a\nro-try=/b\nrx=/c\nrx-try=/d\nrw=/e\nrw-try=/f\nrwx=/g\n"
	    "rwx-try=/h\nwo=/i\nwo-try=/j\nxo=/k\nxo-try=/l\nwx=/m\nwx-try=/n\n"
	    "[network]\nconnect = 443 udp:53\nlisten = 8080 udp:any\n"
	    "[process]\npromises = rpath stdio\nprivate-tmp = yes\nno-network = no\n"
	    "pid-namespace = yes\nhide = /z\nhide = /y\n"
	    "capability = net_raw CAP_NET_BIND_SERVICE\non-violation = kill\n"
	    "[limits]\nmemory = 1024M\nprocesses = 0\nfiles = 256\ncpu-time = 90\n"
	    "wall-time = 1m30s\n"
	    "[environment]\npass = HOME LANG\nset = A=b c\n"
	    "[descriptors]\nkeep = 4 3\n"
	    "[policy]\nwaive = tcp-ports signals\n",
	    "[files]\nro = /a\nro-try = /b\nrx = /c\nrx-try = /d\nrw = /e\nrw-try = /f\n"
	    "rwx = /g\nrwx-try = /h\nwo = /i\nwo-try = /j\nxo = /k\nxo-try = /l\n"
	    "wx = /m\nwx-try = /n\n\n"
	    "[network]\nconnect = 443\nconnect = udp:53\nlisten = 8080\nlisten = udp:any\n\n"
	    "[process]\npromises = stdio rpath\nprivate-tmp = yes\npid-namespace = yes\n"
	    "hide = /y\nhide = /z\ncapability = net_bind_service\ncapability = net_raw\n"
	    "on-violation = kill\n\n"
	    "[limits]\nmemory = 1G\nprocesses = 0\nfiles = 256\ncpu-time = 90s\n"
	    "wall-time = 90s\n\n"
	    "[environment]\nset = \"A=b c\"\npass = HOME\npass = LANG\n\n"
	    "[descriptors]\nkeep = 3\nkeep = 4\n\n"
	    "[policy]\nwaive = signals\nwaive = tcp-ports\n");
}

TEST(line_endings_comments_and_blanks)
{
	check_means("[files]\r\nro = /a # why\r\nrw\t=\t/b ; why\r\n",
		    "[files]\nro = /a\nrw = /b\n");
	check_means("[files]\nro = /no/newline", "[files]\nro = /no/newline\n");
	check_means("[ files ] # x\n\tro = /a#b\n  rw = /c;d\n",
		    "[files]\nro = \"/a#b\"\nrw = \"/c;d\"\n");
	check_means("[files]\nro = /two words  \n", "[files]\nro = \"/two words\"\n");
	check_means("[files]\nro = \"/a # b\" # c\n", "[files]\nro = \"/a # b\"\n");
	check_means("[files]\nro = /a=b\n", "[files]\nro = /a=b\n");
}

TEST(quoted_values)
{
	check_means("[files]\nro = \"/a\\n\\t\\\\\\\"\\$\\x01\\xfF\"\n",
		    "[files]\nro = \"/a\\n\\t\\\\\\\"\\$\\x01\\xff\"\n");
	check_means("[files]\nro = \"~\"\n", "[files]\nro = \"~\"\n");
	check_means("[process]\npromises = \"\"\n", "[process]\npromises = \"\"\n");
	check_means("[environment]\nset = \"A=\"\n", "[environment]\nset = A=\n");
	check_means("[environment]\nset = A=x=y\n", "[environment]\nset = A=x=y\n");
}

TEST(a_key_may_repeat)
{
	check_means("[files]\nro = /a\nrw = /a\n[files]\nrx = /a\n", "[files]\nrwx = /a\n");
	check_means("[files]\nro-try = /a\nro = /a\n", "[files]\nro = /a\n");
	check_means("[process]\npromises = stdio\npromises = rpath\n",
		    "[process]\npromises = stdio rpath\n");
	check_means("[limits]\nmemory = 1G\nmemory = 1024M\n", "[limits]\nmemory = 1G\n");
	check_means("[process]\nno-network = yes\nno-network = yes\n",
		    "[process]\nno-network = yes\n");
}

TEST(variables_are_expanded_once)
{
	check_means("[files]\nro = $HOME/src\nrw = \"${HOME}x\"\n",
		    "[files]\nro = /home/u/src\nrw = /home/ux\n");
	check_means("[files]\nro = \"\\$HOME\"\n", "[files]\nro = \"\\$HOME\"\n");
	/* quotes, backslashes, comments and variables in a value mean nothing */
	check_means("[files]\nro = /$ODD/y\n", "[files]\nro = \"/a\\\"b\\\\c\\$HOME #x\\n/y\"\n");
	check_means("[files]\nro = $TILDE/x\n", "[files]\nro = \"~/x\"\n");
	check_means("[environment]\nset = E=$EMPTY\nset = H=$HOME/bin\n",
		    "[environment]\nset = E=\nset = H=/home/u/bin\n");
	check_means("[environment]\nset = A=$PAIR\n", "[environment]\nset = A=B=c\n");
}

TEST(relative_paths_belong_to_the_file)
{
	char *got = canonical("[files]\nro = data\nrw = /abs\nrx = .\n[process]\nhide = ../x\n",
			      "/etc/paprika/a.policy", NULL);

	CHECK_STR(got, "[files]\nrw = /abs\nrx = /etc/paprika/.\nro = /etc/paprika/data\n\n"
		       "[process]\nhide = /etc/paprika/../x\n");
	free(got);
	got = canonical("[files]\nro = data\n", "a.policy", NULL);
	CHECK_STR(got, "[files]\nro = data\n");
	free(got);
}

TEST(includes)
{
	static const struct made_file files[] = {
	    {"/etc/p/lib/net", "[network]\nconnect = 80\n[policy]\ninclude = more\n"},
	    {"/etc/p/lib/more", "[files]\nro = data\n"},
	    {"/home/u/x", "[files]\nro = mine\n"},
	    {"/etc/p/bad", "[files]\n\nrr = /x\n"},
	    {NULL, NULL}};
	char *got;

	got = canonical("[policy]\ninclude = lib/net\ninclude = $HOME/x\n[files]\nro = top\n",
			"/etc/p/main", files);
	CHECK_STR(got, "[files]\nro = /etc/p/lib/data\nro = /etc/p/top\nro = /home/u/mine\n\n"
		       "[network]\nconnect = 80\n");
	free(got);
	/* the section of the including file goes on */
	got = canonical("[policy]\ninclude = ./lib//more\nwaive = signals\n", "/etc/p/main", files);
	CHECK_STR(got, "[files]\nro = /etc/p/lib/data\n\n[policy]\nwaive = signals\n");
	free(got);
	got = canonical("[policy]\ninclude = gone\n", "/etc/p/main", files);
	CHECK_STR(got, "/etc/p/main:2:11: policy file \"/etc/p/gone\": no such file ()");
	free(got);
	got = canonical("[policy]\ninclude = bad\n", "/etc/p/main", files);
	CHECK_HAS(got, "/etc/p/bad:3:1: unknown key \"rr\" in [files]");
	free(got);
}

TEST(cycles_name_the_chain)
{
	static const struct made_file files[] = {{"a", "[policy]\ninclude = b\n"},
						 {"b", "[policy]\ninclude = ./a\n"},
						 {"self", "[policy]\ninclude = self\n"},
						 {"d/x", "[policy]\ninclude = ../d/x\n"},
						 {NULL, NULL}};
	char *got;

	got = canonical("[policy]\ninclude = b\n", "a", files);
	CHECK_STR(got, "b:2:11: the file includes itself (a includes b includes a)");
	free(got);
	got = canonical("[policy]\ninclude = self\n", "self", files);
	CHECK_STR(got, "self:2:11: the file includes itself (self includes self)");
	free(got);
	/* names that never repeat are stopped by depth */
	got = canonical("[policy]\ninclude = d/x\n", "top", files);
	CHECK_HAS(got, "policy file \"d/../d/x\": no such file");
	free(got);
}

/* include = n+1 in each of many files */
static int endless_read(void *context, const char *path, char **text, size_t *length)
{
	char buf[64];

	(void)context;
	*length = (size_t)snprintf(buf, sizeof(buf), "[policy]\ninclude = %d\n", atoi(path) + 1);
	*text = strdup(buf);
	return *text ? 0 : -ENOMEM;
}

/* the same leaf many times, which is no cycle */
static int leaf_read(void *context, const char *path, char **text, size_t *length)
{
	(void)context;
	(void)path;
	*text = strdup("");
	*length = 0;
	return *text ? 0 : -ENOMEM;
}

TEST(includes_are_bounded)
{
	struct pap_parse_env endless = {endless_read, NULL, NULL}, leaf = {leaf_read, NULL, NULL};
	struct pap_parse_env none = {NULL, NULL, NULL};
	struct pap_policy *policy = pap_policy_new();
	struct pap_text text = {0};
	struct pap_error err;

	REQUIRE(policy);
	CHECK_EQ(pap_policy_parse(policy, "[policy]\ninclude = 1", 20, "0", &endless, &err),
		 -ELOOP);
	CHECK_STR(err.message, "includes are nested more than 8 deep");
	CHECK_STR(err.hint, "0 includes 1 includes 2 includes 3 includes 4 includes 5 includes 6 "
			    "includes 7 includes 8 includes 9");
	pap_text_str(&text, "[policy]\n");
	for (int i = 0; i < 256; i++)
		pap_text_str(&text, "include = x\n");
	CHECK_EQ(pap_policy_parse(policy, text.data, text.length, "0", &leaf, &err), 0);
	pap_text_str(&text, "include = x\n");
	CHECK_EQ(pap_policy_parse(policy, text.data, text.length, "0", &leaf, &err), -E2BIG);
	CHECK_STR(err.message, "more than 256 files are included");
	CHECK_EQ(pap_policy_parse(policy, "[policy]\ninclude = 1", 20, "0", &none, &err), -EINVAL);
	CHECK_STR(err.message, "no other file can be included here");
	pap_text_free(&text);
	pap_policy_free(policy);
}

static int parse_code(const struct pap_text *text, struct pap_error *err)
{
	struct pap_policy *policy = parse_bytes(text->data, text->length, "p", NULL, err);

	pap_policy_free(policy);
	return policy ? 0 : err->code;
}

static void fill(struct pap_text *text, size_t length)
{
	while (text->length < length)
		pap_text_str(text, "x");
}

TEST(sizes_at_their_limits)
{
	struct pap_text text = {0};
	struct pap_error err;

	pap_text_str(&text, "#");
	fill(&text, 32768);
	CHECK_EQ(parse_code(&text, &err), 0);
	fill(&text, 32769);
	CHECK_EQ(parse_code(&text, &err), -EINVAL);
	CHECK_STR(err.message, "the line has more than 32768 bytes");
	CHECK_EQ(err.origin.line, 1);
	pap_text_free(&text);

	while (text.length < 1 << 20)
		pap_text_str(&text, "# 16 bytes here\n");
	CHECK_EQ(text.length, 1 << 20);
	CHECK_EQ(parse_code(&text, &err), 0);
	pap_text_str(&text, "\n");
	CHECK_EQ(parse_code(&text, &err), -EFBIG);
	CHECK_STR(err.message, "a policy file has at most 1 MiB");
	pap_text_free(&text);

	pap_text_str(&text, "[files]\nro = /");
	fill(&text, 8 + 5 + 4095);
	CHECK_EQ(parse_code(&text, &err), 0);
	fill(&text, 8 + 5 + 4096);
	CHECK_EQ(parse_code(&text, &err), -EINVAL);
	CHECK_STR(err.message, "the path has 4096 bytes, the kernel takes at most 4095");
	pap_text_free(&text);
}

TEST(the_longest_odd_path_can_be_written)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_text out = {0};
	char path[4096];

	REQUIRE(policy);
	memset(path, '\x01', sizeof(path));
	path[0] = '/';
	path[4095] = '\0';
	CHECK_EQ(pap_policy_grant_file(policy, path, 7, true, (struct pap_origin){0}, NULL), 0);
	pap_policy_print(policy, &out);
	for (int round = 0; round < 2; round++) { /* the second one reads its own print */
		struct pap_error err;
		struct pap_policy *again = parse_bytes(out.data, out.length, "p", NULL, &err);

		REQUIRE(again);
		CHECK(pap_policy_equal(policy, again));
		pap_text_free(&out);
		pap_policy_print(again, &out);
		pap_policy_free(again);
	}
	pap_text_free(&out);
	pap_policy_free(policy);
}

/* Twenty thousand grants, most of them twice, in far less than quadratic time. */
TEST(many_grants, .timeout = 20)
{
	struct pap_text text = {0};
	struct pap_policy *policy;
	struct pap_error err;

	pap_text_str(&text, "[files]\n");
	for (int i = 0; i < 20000; i++)
		pap_text_printf(&text, "ro = /data/%d\nrw = /data/%d\n", i, i);
	policy = parse_bytes(text.data, text.length, "p", NULL, &err);
	REQUIRE(policy);
	CHECK_EQ(policy->files.count, 20000);
	CHECK_EQ(policy->files.items[19999].access, PAP_ACCESS_READ | PAP_ACCESS_WRITE);
	CHECK(pap_policy_equal(policy, policy));
	CHECK_EQ(pap_policy_within(policy, policy, &err), 0);
	pap_policy_free(policy);
	pap_text_str(&text, "ro = /data/one-more\n");
	CHECK_EQ(parse_code(&text, &err), -E2BIG);
	CHECK_STR(err.message, "more than 20000 file grants in one policy");
	CHECK_EQ(err.origin.line, 40002);
	pap_text_free(&text);
}

static void write_file(const char *directory, const char *name, const char *text, char *path,
		       size_t size)
{
	FILE *file;

	snprintf(path, size, "%s/%s", directory, name);
	file = fopen(path, "w");
	REQUIRE(file);
	CHECK(fputs(text, file) >= 0);
	CHECK_EQ(fclose(file), 0);
}

TEST(real_files)
{
	const char *directory = test_directory();
	struct pap_policy *policy = pap_policy_new();
	char path[4200], other[4200];
	struct pap_error err;

	REQUIRE(policy);
	CHECK_EQ(setenv("PAPRIKA_TEST_PLACE", "/var/x", 1), 0);
	write_file(directory, "inc", "[files]\nro = beside\n", other, sizeof(other));
	write_file(directory, "a.policy",
		   "[policy]\ninclude = inc\n[files]\nrw = $PAPRIKA_TEST_PLACE\n", path,
		   sizeof(path));
	CHECK_EQ(pap_policy_parse_file(policy, path, &err), 0);
	CHECK_EQ(policy->files.count, 2);
	snprintf(other, sizeof(other), "%s/beside", directory);
	CHECK_STR(policy->files.items[0].path, other);
	CHECK_STR(policy->files.items[1].path, "/var/x");
	CHECK_STR(policy->files.items[1].origin.source, path);
	CHECK_EQ(policy->files.items[1].origin.line, 4);
	CHECK_EQ(policy->files.items[1].origin.column, 6);

	CHECK_EQ(pap_policy_parse_file(policy, directory, &err), -EISDIR);
	CHECK_HAS(err.message, "it is a directory");
	CHECK_EQ(pap_policy_parse_file(policy, "/nonexistent/\x1b", &err), -ENOENT);
	CHECK_STR(err.message, "policy file \"/nonexistent/\\x1b\": no such file");
	CHECK_EQ(pap_policy_parse_file(policy, "/dev/zero", &err), -EFBIG);
	CHECK_EQ(pap_policy_parse_file(policy, "/dev/null", &err), 0);
	CHECK_EQ(pap_policy_parse_file(policy, "", &err), -EINVAL);
	pap_policy_free(policy);
}
