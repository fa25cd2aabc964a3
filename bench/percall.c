/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a system call costs behind a filter: percall FILTER, where FILTER is
 * none, empty, ours, linear or tree (libseccomp's two layouts). Prints one line
 * for each call: its name and the median nanoseconds of many batches. Run by
 * `paprika run` with "none" it measures the sandbox that is around it.
 */
#include <fcntl.h>
#include <unistd.h>

#include "bench/filters.h"
#include "bench/timing.h"

#define BATCHES 41

static int zero_fd, null_fd;
static char buffer[16];

static void call_getppid(void)
{
	(void)getppid();
}

static void call_read(void)
{
	if (read(zero_fd, buffer, 1) != 1)
		give_up("read");
}

static void call_write(void)
{
	if (write(null_fd, buffer, 1) != 1)
		give_up("write");
}

static void call_openat(void)
{
	int fd = openat(AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || close(fd) < 0)
		give_up("openat");
}

static void call_fcntl(void)
{
	if (fcntl(null_fd, F_GETFD) < 0)
		give_up("fcntl");
}

static double measure(void (*call)(void), unsigned calls)
{
	double times[BATCHES];

	for (unsigned batch = 0; batch < BATCHES; batch++) {
		double start = now_ns();

		for (unsigned i = 0; i < calls; i++)
			call();
		times[batch] = (now_ns() - start) / calls;
	}
	return median(times, BATCHES);
}

static void install(const char *filter)
{
	if (strcmp(filter, "empty") == 0)
		install_empty();
	else if (strcmp(filter, "ours") == 0)
		install_ours(default_spec());
	else if (strcmp(filter, "linear") == 0)
		install_libseccomp(default_spec(), LAYOUT_LINEAR);
	else if (strcmp(filter, "tree") == 0)
		install_libseccomp(default_spec(), LAYOUT_TREE);
	else if (strcmp(filter, "none") != 0)
		exit(2);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*call)(void);
		unsigned batch;
	} calls[] = {
		{"getppid", call_getppid, 5000},
		{"read 1 byte", call_read, 5000},
		{"write 1 byte", call_write, 5000},
		{"openat + close", call_openat, 500},
		{"fcntl F_GETFD", call_fcntl, 5000},
	};

	zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (argc != 2 || zero_fd < 0 || null_fd < 0)
		return 2;
	install(argv[1]);
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		measure(calls[i].call, calls[i].batch / 10); /* warm up */
		printf("%s\t%.1f\n", calls[i].name, measure(calls[i].call, calls[i].batch));
	}
	return 0;
}
