/* SPDX-License-Identifier: BSD-2-Clause */
/* The other two entries of a 64-bit x86 kernel: 32-bit calls, and x32's numbers. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compare/attack.h"

enum { OPEN_32 = 5, CHMOD_32 = 15 }; /* i386 */

static long enter_32(long number, long a, long b, long c)
{
	__asm__ volatile("int $0x80"
			 : "+a"(number)
			 : "b"(a), "c"(b), "d"(c)
			 : "r8", "r9", "r10", "r11", "memory");
	errno = number < 0 ? (int)-number : 0;
	return number;
}

/* Its operands must lie low. */
static char *low(const char *text)
{
	char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	return memory == MAP_FAILED ? NULL : strcpy(memory, text);
}

static int open_by_32(const struct pap_scene *scene)
{
	char *name = low(PAP_AT("outside/key"));

	return name ? pap_loot_descriptor(
			  scene, (int)enter_32(OPEN_32, (long)(uintptr_t)name, O_RDONLY, 0))
		    : -1;
}

static int chmod_by_32(const struct pap_scene *scene)
{
	char *name = low(PAP_AT("outside/file"));

	return name && enter_32(CHMOD_32, (long)(uintptr_t)name, 0600, 0) == 0 ? 0 : -1;
}

static int open_by_x32(const struct pap_scene *scene)
{
	return pap_loot_descriptor(scene, (int)syscall(0x40000000L + PAP_NUMBER(open),
						      PAP_AT("outside/key"), O_RDONLY));
}

static int garbage_above(const struct pap_scene *scene)
{
	/* The kernel looks at 32 bits of the number. */
	return (int)syscall(PAP_NUMBER(chmod) | 0x7700000000000000, PAP_AT("outside/file"), 0600);
}

const struct pap_attack pap_attacks_entries[] = {
    {"entry-32-open", "open a file by the 32-bit entry", PAP_ABOUT_CALLS, PAP_PROOF_SECRET,
     open_by_32},
    {"entry-32-chmod", "change a mode by the 32-bit entry", PAP_ABOUT_CALLS, PAP_PROOF_CHANGED,
     chmod_by_32},
    {"entry-x32-open", "open a file by x32's number", PAP_ABOUT_CALLS, PAP_PROOF_SECRET,
     open_by_x32},
    {"number-garbage", "change a mode with rubbish above the call's number", PAP_ABOUT_CALLS,
     PAP_PROOF_CHANGED, garbage_above},
    {0},
};
