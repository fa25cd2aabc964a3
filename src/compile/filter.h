/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From rules to a seccomp program and back to words.
 *
 * A filter spec says, for every call of the table, which rules are tried in
 * which order (first match decides) and what happens otherwise. pap_filter_naive
 * states that meaning in the plainest way; pap_filter_compile turns it into
 * classic BPF; the tests hold them against each other on random input.
 *
 * What this does not do: merge several specs, edit a compiled program, optimise
 * across calls (except that equal subgraphs are shared), or look at memory.
 */
#ifndef PAP_COMPILE_FILTER_H
#define PAP_COMPILE_FILTER_H

#include "base/error.h"
#include "base/text.h"
#include "table/table.h"
#include "uapi/seccomp.h"

/* ---- the rules ---------------------------------------------------------------------------- */

/* Who answers a call whose verdict is PAP_RET_USER_NOTIF. */
enum pap_handler {
	PAP_BY_FILTER,	 /* nobody: the verdict is final */
	PAP_BY_REPORT,	 /* say that it was refused, answer with `refusal` */
	PAP_BY_METADATA, /* perform it where the file is granted for writing */
	PAP_BY_LISTEN,	 /* perform it when the socket is bound to a granted port */
	PAP_BY_SIGNAL,	 /* let it pass when it aims at the caller's own process */
	PAP_BY_TRACE,	 /* let it pass, and say which grant is missing for it */
	PAP_BY_LAUNCHER, /* nobody: the launcher's own last call, never shown to itself */
};

struct pap_rule {
	const struct pap_cond *cond; /* NULL: always */
	uint32_t verdict;	     /* PAP_RET_* | data */
	uint8_t handler;	     /* enum pap_handler */
	uint16_t refusal;	     /* errno behind a PAP_RET_USER_NOTIF that is turned down */
	struct pap_origin origin;    /* policy line or flag that caused it */
	const char *reason;	     /* "promise rpath", "no metadata without a grant"... */
};

struct pap_call_rules {
	struct pap_rule *rules;
	uint16_t nrules, capacity;
	struct pap_rule otherwise; /* cond is NULL */
};

struct pap_filter_spec {
	enum pap_arch arch;
	uint32_t foreign;   /* verdict when the call comes through another architecture's entry */
	uint32_t unknown;   /* verdict for numbers that the table lacks, x32 included */
	uint32_t self_tgid; /* value of PAP_SYM_SELF_TGID, 0: none */
	struct pap_call_rules calls[PAP_NSYSCALLS];
};

/* All calls get `otherwise`; foreign and unknown as given. */
struct pap_filter_spec *pap_filter_spec_new(enum pap_arch arch, uint32_t foreign, uint32_t unknown,
					    struct pap_rule otherwise);
void pap_filter_spec_free(struct pap_filter_spec *spec);
int pap_filter_add(struct pap_filter_spec *spec, unsigned call, struct pap_rule rule);

/* The decision in the plainest terms. *rule (may be NULL) is the one that decided. */
uint32_t pap_filter_naive(const struct pap_filter_spec *spec, const struct pap_seccomp_data *data,
			  const struct pap_rule **rule);

/* ---- the program -------------------------------------------------------------------------- */

#define PAP_BPF_MAX 4096 /* instructions in one program */

struct pap_program {
	struct pap_bpf_insn *insns; /* same layout as struct sock_filter */
	uint16_t length;
	/* for each instruction the rule that it was made for; NULL: shared or structural */
	const struct pap_rule **origin;
	/* for each instruction the call it decides about; -1: several or none */
	int16_t *call;
};

/*
 * Compiles; -E2BIG when the program would exceed PAP_BPF_MAX (nothing is written).
 * The program refers to rules of spec, which must outlive it.
 */
int pap_filter_compile(const struct pap_filter_spec *spec, struct pap_program *program,
		       struct pap_error *err);
void pap_program_free(struct pap_program *program);

/*
 * Accepts what the kernel's seccomp accepts and no more: known opcodes, forward
 * jumps in range, aligned loads inside seccomp_data, a return at the end of
 * every path, scratch memory written before it is read.
 */
int pap_bpf_check(const struct pap_bpf_insn *insns, size_t length, struct pap_error *err);

/*
 * Runs a checked program. Returns the verdict; *last (may be NULL) is the index
 * of the return, *steps (may be NULL) counts executed instructions.
 */
uint32_t pap_bpf_run(const struct pap_bpf_insn *insns, size_t length,
		     const struct pap_seccomp_data *data, unsigned *last, unsigned *steps);

/*
 * Whether the kernel (5.11) would answer this call from its bitmap: emulation
 * reaches "allow" by looking at nothing but number and architecture.
 */
bool pap_bpf_cacheable(const struct pap_bpf_insn *insns, size_t length, enum pap_arch arch,
		       uint32_t number);

/*
 * The emulation itself, as the kernel does it once for each number of its bitmaps
 * when a filter is installed; *steps (may be NULL) counts the instructions it took.
 */
bool pap_bpf_emulate(const struct pap_bpf_insn *insns, size_t length, uint32_t audit_arch,
		     uint32_t number, unsigned *steps);

/* ---- for people ---------------------------------------------------------------------------- */

void pap_verdict_name(uint32_t verdict, char *buf, size_t size); /* "allow", "errno EPERM"... */
const char *pap_errno_name(int number); /* "EPERM", also ENOTCAPABLE and ECAPMODE; "?" unknown */

/* "net.policy:7 promise wpath"; nothing for NULL. */
void pap_rule_describe(const struct pap_rule *rule, struct pap_text *out);

/*
 * One instruction in words, without its index: "if number == 257 openat then 12 else 14".
 * `at` is its index; prepare once for a program with pap_listing_new. program->origin and
 * ->call may be NULL (a program that is not ours).
 */
struct pap_listing;
struct pap_listing *pap_listing_new(const struct pap_program *program, enum pap_arch arch);
void pap_listing_free(struct pap_listing *listing);
void pap_listing_line(const struct pap_listing *listing, unsigned at, struct pap_text *out);

/* One instruction a line, jumps resolved, numbers named, each with the rule it comes from. */
void pap_program_list(const struct pap_program *program, enum pap_arch arch, struct pap_text *out);

#endif
