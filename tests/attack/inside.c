/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attacker: runs one attack by name and says how it went by its exit status.
 * By the name "victim" it is the opposite: an innocent process outside, with
 * things that an attacker would like to have, which tells on request how it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"
#include "world.h"

void attack_try(const struct attack *attack)
{
	attack_broken("%s: the attacker is not its own judge", attack->name);
}

/* ---- the victim ------------------------------------------------------------------------------ */

static unsigned drain(int signals)
{
	static unsigned count;
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info))
		count++;
	return count;
}

static unsigned affinity(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 ? 0 : (unsigned)CPU_COUNT(&set);
}

static void tell(int signals, const volatile char *memory)
{
	struct rlimit files = {0, 0};

	getrlimit(RLIMIT_NOFILE, &files);
	printf("victim signals=%u nice=%d files=%llu cpus=%u io=%ld memory=%02x group=%d\n",
	       drain(signals), getpriority(PRIO_PROCESS, 0), (unsigned long long)files.rlim_cur,
	       affinity(), syscall(SYS_ioprio_get, 1, 0), (unsigned)memory[0], getpgrp() == getpid());
	fflush(stdout);
}

static int victim(void)
{
	void *where = (void *)(uintptr_t)WORLD_VICTIM_ADDRESS;
	char *memory = mmap(where, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	sigset_t all;
	int signals;
	char byte;

	if (memory != where || setpgid(0, 0) < 0)
		return ATTACK_BROKEN;
	snprintf(memory, 4096, "%s", getenv("SECRET"));
	if (open(at("outside/key"), O_RDWR) < 0 || chdir(at("outside")) < 0)
		return ATTACK_BROKEN;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signals = signalfd(-1, &all, SFD_NONBLOCK);
	if (signals < 0)
		return ATTACK_BROKEN;
	while (read(0, &byte, 1) == 1)
		tell(signals, memory);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return ATTACK_BROKEN;
	attack_words = argv + 2;
	if (!strcmp(argv[1], "victim"))
		return victim();
	if (!strcmp(argv[1], "executed")) /* by an attack that should not have been able to */
		return ATTACK_WORKED;
	for (struct attack *attack = attack_first(); attack; attack = attack->next) {
		if (strcmp(attack->name, argv[1]))
			continue;
		errno = 0;
		if (attack->run() == 0) {
			fflush(stdout);
			_exit(ATTACK_WORKED);
		}
		printf("stopped: %s\n", strerror(errno));
		fflush(stdout);
		_exit(ATTACK_STOPPED);
	}
	fprintf(stderr, "no attack of that name: %s\n", argv[1]);
	return ATTACK_BROKEN;
}
