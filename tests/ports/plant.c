/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody would do who took a program over while it works on its input: linked
 * into a port, called before the port's function POINT (the linker's --wrap), and doing
 * what the file that $PLANT names says in its first line:
 *
 *	read	open a file that the program was not given, and read it
 *	write	make a file
 *	chmod	change the mode of a file
 *	socket	bind a socket of the Internet
 *	run	start a shell that makes a file
 *	signal	ask whether the parent could be signalled
 *
 * The second line becomes "reached", then "done" or "errno N". The file is mapped
 * before the program confines itself, so that telling needs no call.
 *
 * POINT takes up to six integers or pointers and returns one; that is what is passed on.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOIN(a, b) a##b
#define NAMED(a, b) JOIN(a, b)
#define WRAP NAMED(__wrap_, POINT)
#define REAL NAMED(__real_, POINT)

enum { LINE = 64 };

long REAL(long a, long b, long c, long d, long e, long f);
long WRAP(long a, long b, long c, long d, long e, long f);

static char *told; /* two lines */
static char act[16], secret[4096], made[4096], script[4200];

__attribute__((constructor)) static void open_planted(void)
{
	const char *path = getenv("PLANT");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	char *slash;

	if (fd < 0)
		return;
	told = mmap(NULL, 2 * LINE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (told == MAP_FAILED || sscanf(told, "%15s", act) != 1) {
		told = NULL;
		return;
	}
	snprintf(secret, sizeof(secret) - 8, "%s", path);
	slash = strrchr(secret, '/');
	if (slash)
		*slash = '\0';
	snprintf(made, sizeof(made), "%.4000s/made", secret);
	strcat(secret, "/secret");
	snprintf(script, sizeof(script), ": >'%s'", made);
}

static void tell(const char *words)
{
	size_t length = strlen(words);

	memset(told + LINE, ' ', LINE - 1);
	memcpy(told + LINE, words, length);
}

static int do_read(void)
{
	char byte;
	int fd = open(secret, O_RDONLY | O_CLOEXEC);

	return fd < 0 || read(fd, &byte, 1) != 1 ? -1 : close(fd);
}

static int do_write(void)
{
	int fd = open(made, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	return fd < 0 ? -1 : close(fd);
}

static int do_chmod(void)
{
	return chmod(secret, 0640);
}

static int do_socket(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return close(fd);
}

static int do_run(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(errno);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : 0;
}

static int do_signal(void)
{
	return kill(getppid(), 0);
}

static void go(void)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} acts[] = {{"read", do_read},	   {"write", do_write}, {"chmod", do_chmod},
		    {"socket", do_socket}, {"run", do_run},	{"signal", do_signal}};
	char words[LINE];

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (strcmp(acts[i].name, act) != 0)
			continue;
		tell("reached");
		if (acts[i].run() == 0)
			strcpy(words, "done");
		else
			snprintf(words, sizeof(words), "errno %d", errno);
		tell(words);
	}
}

long WRAP(long a, long b, long c, long d, long e, long f)
{
	int saved = errno;

	if (told && strncmp(told + LINE, "not reached", 11) == 0)
		go();
	errno = saved;
	return REAL(a, b, c, d, e, f);
}
