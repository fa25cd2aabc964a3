/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs that nobody here made. The input is 64 bytes of seccomp_data and then
 * instructions. What the checker takes must run to a return within its length,
 * in bounds; what the emulation calls cacheable must really be allowed for that
 * number whatever the arguments are; and any of it can be listed.
 */
#include <stdlib.h>
#include <string.h>

#include "compile/bpf.h"
#include "compile/filter.h"
#include "fuzz.h"

/* Every second run of the same bytes must decide alike: nothing is left uninitialised. */
static void check_run(const struct pap_bpf_insn *insns, size_t length,
		      const struct pap_seccomp_data *data)
{
	unsigned last = 0, steps = 0, again = 0;
	uint32_t verdict = pap_bpf_run(insns, length, data, &last, &steps);

	MUST(last < length);
	MUST(steps >= 1 && steps <= length);
	MUST(PAP_BPF_CLASS(insns[last].code) == PAP_BPF_C_RET || PAP_BPF_CLASS(insns[last].code) == PAP_BPF_C_ALU);
	if (insns[last].code == PAP_BPF_RET_K)
		MUST(verdict == insns[last].k);
	MUST(verdict == pap_bpf_run(insns, length, data, &again, NULL));
	MUST(again == last);
}

static void check_cacheable(const struct pap_bpf_insn *insns, size_t length,
			    struct pap_seccomp_data data)
{
	uint32_t number = (uint32_t)data.nr & 1023;

	if (!pap_bpf_cacheable(insns, length, PAP_ARCH_X86_64, number))
		return;
	data.nr = (int32_t)number;
	data.arch = pap_arch_audit(PAP_ARCH_X86_64);
	MUST(pap_bpf_run(insns, length, &data, NULL, NULL) == PAP_RET_ALLOW);
	memset(data.args, 0xff, sizeof(data.args));
	MUST(pap_bpf_run(insns, length, &data, NULL, NULL) == PAP_RET_ALLOW);
}

static void check_listing(struct pap_bpf_insn *insns, size_t length)
{
	struct pap_program program = {.insns = insns, .length = (uint16_t)length};
	struct pap_text text = {0};

	pap_program_list(&program, PAP_ARCH_X86_64, &text);
	MUST(!text.failed);
	pap_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct pap_seccomp_data data;
	struct pap_bpf_insn *insns;
	struct pap_error err = {0};
	size_t length;

	if (size < sizeof(data))
		return 0;
	memcpy(&data, bytes, sizeof(data));
	length = (size - sizeof(data)) / sizeof(*insns);
	insns = malloc(length * sizeof(*insns) + 1); /* no more: reads past the end are seen */
	MUST(insns);
	memcpy(insns, bytes + sizeof(data), length * sizeof(*insns));
	if (pap_bpf_check(insns, length, &err)) {
		MUST(err.code < 0 && err.message[0]);
	} else {
		check_run(insns, length, &data);
		check_cacheable(insns, length, data);
		check_listing(insns, length);
	}
	free(insns);
	return 0;
}
