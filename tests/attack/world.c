/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a world and taking it down; see world.h. Its portrait is in portrait.c. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "harness.h"

const char *test_setting(const char *name)
{
	const char *value = getenv(name);

	if (!value || !*value)
		test_note("%s is not set", name);
	REQUIRE(value && *value);
	return value;
}

static void __attribute__((format(printf, 3, 4))) tell(struct world *world, const char *key,
							 const char *format, ...)
{
	char *word;
	size_t used;
	va_list args;

	REQUIRE(world->nwords < WORLD_WORDS);
	word = world->words[world->nwords++];
	used = (size_t)snprintf(word, sizeof(world->words[0]), "%s=", key);
	va_start(args, format);
	vsnprintf(word + used, sizeof(world->words[0]) - used, format, args);
	va_end(args);
}

const char *world_word(const struct world *world, const char *key)
{
	size_t length = strlen(key);

	for (unsigned i = 0; i < world->nwords; i++)
		if (!strncmp(world->words[i], key, length) && world->words[i][length] == '=')
			return world->words[i] + length + 1;
	return "";
}

/* ---- files ---------------------------------------------------------------------------------- */

static const char *in(const struct world *world, const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", world->dir, name);
	return path;
}

static void make_file(const struct world *world, const char *name, const char *text, mode_t mode)
{
	int fd = open(in(world, name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	REQUIRE(fd >= 0);
	REQUIRE(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	REQUIRE(fchmod(fd, mode) == 0);
	close(fd);
}

static void make_link(const struct world *world, const char *name, const char *target)
{
	REQUIRE(symlink(target, in(world, name)) == 0);
}

static void make_files(struct world *world)
{
	static const char *const directories[] = {"",	  "outside", "outside/dir", "ro",
						  "ro/sub", "rw",	   "rw/sub"};
	char absolute[600];

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		REQUIRE(mkdir(in(world, directories[i]), 0755) == 0);
	make_file(world, "outside/key", world->secret, 0600);
	make_file(world, "outside/file", "as it was\n", 0644);
	make_file(world, "outside/dir/deep", world->secret, 0644);
	make_file(world, "outside/program", "#!/bin/sh\necho ran >marker\n", 0755);
	make_file(world, "ro/note", "read me\n", 0644);
	make_file(world, "ro/sub/note", "read me too\n", 0644);
	make_file(world, "rw/mine", "mine\n", 0644);
	make_file(world, "rw/sub/mine", "mine\n", 0644);
	make_link(world, "rw/up", "../outside");
	make_link(world, "rw/key", "../outside/key");
	make_link(world, "rw/file", "../outside/file");
	make_link(world, "rw/sub/chain", "../up/dir/../file");
	snprintf(absolute, sizeof(absolute), "%s/outside", world->dir);
	make_link(world, "rw/absolute", absolute);
	tell(world, "dir", "%s", world->dir);
}

/* ---- services ------------------------------------------------------------------------------- */

static int tcp_listener(unsigned *port)
{
	struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_addr = in6addr_any};
	socklen_t length = sizeof(any);
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), off = 0;

	REQUIRE(fd >= 0);
	/* Answers both families. */
	REQUIRE(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == 0);
	REQUIRE(bind(fd, (struct sockaddr *)&any, length) == 0 && listen(fd, 8) == 0);
	REQUIRE(getsockname(fd, (struct sockaddr *)&any, &length) == 0);
	*port = ntohs(any.sin6_port);
	return fd;
}

static int udp_receiver(unsigned *port)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof(any);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	REQUIRE(fd >= 0 && bind(fd, (struct sockaddr *)&any, length) == 0);
	REQUIRE(getsockname(fd, (struct sockaddr *)&any, &length) == 0);
	*port = ntohs(any.sin_port);
	return fd;
}

/* name: a path (bound by a short relative name), or "@name" for an abstract one. */
static int local_socket(const struct world *world, int type, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));

	REQUIRE(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", name);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	else
		REQUIRE(chdir(in(world, "outside")) == 0);
	REQUIRE(bind(fd, (struct sockaddr *)&address, length) == 0);
	REQUIRE(type == SOCK_DGRAM || listen(fd, 8) == 0);
	return fd;
}

static void make_services(struct world *world)
{
	unsigned granted, forbidden, udp;
	char name[64], abstract[48];

	/* Suites run side by side, perhaps with the same seed. */
	snprintf(abstract, sizeof(abstract), "paprika-%d-%016llx", (int)getpid(),
		 (unsigned long long)test_random());
	snprintf(name, sizeof(name), "@%s", abstract);
	world->services[0] = tcp_listener(&granted);
	world->services[1] = tcp_listener(&forbidden);
	world->services[2] = udp_receiver(&udp);
	world->services[3] = local_socket(world, SOCK_DGRAM, "datagram");
	world->services[4] = local_socket(world, SOCK_STREAM, "stream");
	world->services[5] = local_socket(world, SOCK_DGRAM, name);
	snprintf(name, sizeof(name), "@stream-%s", abstract);
	world->services[6] = local_socket(world, SOCK_STREAM, name);
	tell(world, "granted", "%u", granted);
	tell(world, "forbidden", "%u", forbidden);
	tell(world, "udp", "%u", udp);
	tell(world, "abstract", "%s", abstract);
}

/* ---- the victim ------------------------------------------------------------------------------ */

static void __attribute__((noreturn)) become_victim(const struct world *world,
						    const char *attacker, int in_fd, int out_fd)
{
	char secret[64];
	char *const argv[] = {(char *)attacker, (char *)"victim", (char *)world->words[0], NULL};
	char *const envp[] = {secret, NULL};

	snprintf(secret, sizeof(secret), "SECRET=%s", world->secret);
	dup2(in_fd, 0);
	dup2(out_fd, 1);
	execve(attacker, argv, envp);
	_exit(127);
}

static void make_victim(struct world *world, const char *attacker)
{
	int ask[2], answer[2];

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ask) == 0);
	REQUIRE(pipe2(answer, O_CLOEXEC) == 0);
	world->victim = fork();
	REQUIRE(world->victim >= 0);
	if (!world->victim)
		become_victim(world, attacker, ask[0], answer[1]);
	close(ask[0]);
	close(answer[1]);
	world->ask = ask[1];
	world->answer = answer[0];
	tell(world, "victim", "%d", (int)world->victim);
}

/* ---- all of it ------------------------------------------------------------------------------- */

void world_make(struct world *world, const char *attacker)
{
	static unsigned number;

	*world = (struct world){.terminals = {-1, -1, -1, -1}};
	umask(022);
	snprintf(world->dir, sizeof(world->dir), "%s/%u", test_directory(), ++number);
	snprintf(world->secret, sizeof(world->secret), "secret-%016llx",
		 (unsigned long long)test_random());
	make_files(world);
	make_services(world);
	make_victim(world, attacker);
	tell(world, "attacker", "%s", attacker);
	tell(world, "outsider", "%d", (int)getpid());
	REQUIRE(chdir(in(world, "rw")) == 0);
}

static void make_terminal(struct world *world, const char *key, int *master, int *slave)
{
	struct termios raw;
	int unlocked = 0;

	*master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	REQUIRE(*master >= 0 && ioctl(*master, TIOCSPTLCK, &unlocked) == 0);
	*slave = open(ptsname(*master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	REQUIRE(*slave >= 0 && tcgetattr(*slave, &raw) == 0);
	cfmakeraw(&raw);
	REQUIRE(tcsetattr(*slave, TCSANOW, &raw) == 0 && fchmod(*slave, 0600) == 0);
	tell(world, key, "%s", ptsname(*master));
}

void world_terminals(struct world *world)
{
	make_terminal(world, "terminal", &world->terminals[0], &world->terminals[1]);
	make_terminal(world, "elsewhere", &world->terminals[2], &world->terminals[3]);
}

void world_end(struct world *world)
{
	for (unsigned i = 0; i < 4; i++)
		if (world->terminals[i] >= 0)
			close(world->terminals[i]);
	close(world->ask);
	close(world->answer);
	kill(world->victim, SIGKILL);
	waitpid(world->victim, NULL, 0);
	for (unsigned i = 0; i < WORLD_SERVICES; i++)
		close(world->services[i]);
	REQUIRE(chdir("/") == 0);
}

char *world_fill(const struct world *world, const char *text)
{
	char *result = NULL;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	REQUIRE(out != NULL);
	while (*text) {
		size_t length = strcspn(text, "{}");
		char key[32];

		if (text[length] != '{') {
			fputs(text, out);
			break;
		}
		fwrite(text, 1, length, out);
		text += length + 1;
		length = strcspn(text, "}");
		snprintf(key, sizeof(key), "%.*s", (int)length, text);
		fputs(world_word(world, key), out);
		text += length + (text[length] == '}');
	}
	REQUIRE(fclose(out) == 0);
	return result;
}
