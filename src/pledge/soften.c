/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * On OpenBSD a program that is executed without execpromises is free; here the filters
 * of its caller stay. A violation that ends a pledged program would end a shell's
 * innocent children too, which have no handler that could say why. What tells them
 * apart is where the call comes from: no program is loaded where its caller was, except
 * by chance, and chance only decides between two ways of being refused.
 */
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "pledge/exec.h"

enum {
	RANGES_MAX = 48,
	PER_RANGE = 5,
};

struct ranges {
	struct {
		uint64_t first, last;
	} item[RANGES_MAX];
	unsigned count;
};

static int collect(struct dl_phdr_info *object, size_t size, void *context)
{
	struct ranges *ranges = context;

	(void)size;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uint64_t first = object->dlpi_addr + segment->p_vaddr;
		uint64_t last = first + segment->p_memsz;

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) ||
		    !segment->p_memsz || first >> 32 != last >> 32)
			continue;
		if (ranges->count == RANGES_MAX)
			return 1;
		ranges->item[ranges->count].first = first;
		ranges->item[ranges->count++].last = last;
	}
	return 0;
}

/* Falls through when the address is in none of the ranges; otherwise jumps to `trap`. */
static unsigned test_ranges(struct pap_bpf_insn *at, const struct ranges *ranges, unsigned trap)
{
	const unsigned low = offsetof(struct pap_seccomp_data, instruction_pointer);
	unsigned n = 0;

	for (unsigned i = 0; i < ranges->count; i++) {
		uint64_t first = ranges->item[i].first, last = ranges->item[i].last;

		at[n++] = (struct pap_bpf_insn){PAP_BPF_LD_W_ABS, 0, 0, low + 4};
		at[n++] = (struct pap_bpf_insn){PAP_BPF_JEQ_K, 0, 3, (uint32_t)(first >> 32)};
		at[n++] = (struct pap_bpf_insn){PAP_BPF_LD_W_ABS, 0, 0, low};
		at[n++] = (struct pap_bpf_insn){PAP_BPF_JGE_K, 0, 1, (uint32_t)first};
		at[n] = (struct pap_bpf_insn){PAP_BPF_JGT_K, 0, (uint8_t)(trap - n - 1),
					      (uint32_t)last};
		n++;
	}
	return n;
}

struct pap_bpf_insn *pap_exec_soften(const struct pap_program *program, uint16_t *length)
{
	struct ranges ranges = {.count = 0};
	unsigned tests, total;
	struct pap_bpf_insn *copy;

	dl_iterate_phdr(collect, &ranges);
	tests = ranges.count * PER_RANGE;
	total = program->length + tests + 2u;
	if (total > PAP_BPF_MAX) {
		ranges.count = tests = 0;
		total = program->length + 2u;
	}
	copy = calloc(total, sizeof(*copy));
	if (!copy)
		return NULL;
	memcpy(copy, program->insns, program->length * sizeof(*copy));
	for (unsigned i = 0; i < program->length; i++)
		if (copy[i].code == PAP_BPF_RET_K &&
		    (copy[i].k & PAP_RET_ACTION_FULL) == PAP_RET_TRAP)
			copy[i] = (struct pap_bpf_insn){PAP_BPF_JA, 0, 0, program->length - i - 1};
	test_ranges(copy + program->length, &ranges, tests + 1);
	copy[total - 2] = (struct pap_bpf_insn){PAP_BPF_RET_K, 0, 0, PAP_RET_ERRNO | EPERM};
	copy[total - 1] = (struct pap_bpf_insn){PAP_BPF_RET_K, 0, 0, PAP_RET_TRAP};
	*length = (uint16_t)total;
	return copy;
}
