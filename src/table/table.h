/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables: what each system call is and which authority it exercises on
 * which argument, the promises, the rights, and the argument conditions. The
 * data lives in src/table/ as text (*.tbl, one fact in one place) and is turned
 * into constant arrays by tools/gen_tables.py at build time. Nothing outside
 * this folder knows a system call number.
 */
#ifndef PAP_TABLE_TABLE_H
#define PAP_TABLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "table/ids.h" /* generated: PAP_SYS_openat, PAP_PROMISE_rpath, counts */

/* ---- architectures -------------------------------------------------------------------- */

enum pap_arch { PAP_ARCH_X86_64, PAP_ARCH_AARCH64, PAP_ARCH_COUNT };

const char *pap_arch_name(enum pap_arch arch);		/* "x86_64", "aarch64" */
uint32_t pap_arch_audit(enum pap_arch arch);		/* AUDIT_ARCH_*, as seccomp_data.arch */
bool pap_arch_from_name(const char *name, enum pap_arch *arch);
enum pap_arch pap_arch_native(void);

/* ---- conditions on arguments ------------------------------------------------------------ */

struct pap_range {
	uint64_t lo, hi; /* both inclusive, unsigned, compared after masking */
};

/* A value that is only known when the program is compiled. */
enum pap_symbol { PAP_SYM_NONE, PAP_SYM_SELF_TGID };

/*
 * ((argument & mask) is in one of the ranges), or the opposite when negate is
 * set. bits is 32 for what the kernel takes as int (upper half ignored) and 64
 * for pointers, sizes and longs. With a symbol, the masked value must equal the
 * symbol's value; ranges are ignored; a symbol without a value never holds.
 */
struct pap_test {
	uint8_t arg;
	uint8_t bits;
	bool negate;
	uint8_t symbol;
	uint16_t nranges;
	uint64_t mask;
	const struct pap_range *ranges;
};

struct pap_clause { /* all tests hold */
	const struct pap_test *tests;
	uint16_t ntests;
};

struct pap_cond { /* one clause holds */
	const char *name;  /* "open_read(flags)" */
	const char *about; /* "opens for reading only" */
	const struct pap_clause *clauses;
	uint16_t nclauses;
};

/* The plain meaning, without any compiler: used by the naive evaluator, sim and explain. */
bool pap_cond_holds(const struct pap_cond *cond, const uint64_t args[6], uint32_t self_tgid);

/*
 * Whether narrow holds nowhere but where wide does (NULL: everywhere), as far as
 * the tests themselves show it: true is certain, false is not.
 */
bool pap_cond_implies(const struct pap_cond *narrow, const struct pap_cond *wide);

/* ---- promises ------------------------------------------------------------------------- */

typedef uint64_t pap_promises; /* one bit for each PAP_PROMISE_* id */
#define PAP_PROMISE_BIT(name) ((pap_promises)1 << PAP_PROMISE_##name)

struct pap_promise {
	const char *name;
	const char *about;   /* one line, for manuals and explain */
	bool grants_nothing; /* accepted for compatibility only (bpf, pf, ...) */
};

extern const struct pap_promise pap_promise_table[PAP_NPROMISES];
int pap_promise_find(const char *name, size_t length); /* id, or -1 */

/* ---- rights ---------------------------------------------------------------------------- */

struct pap_rights { /* FreeBSD's layout without version and index bits: payload words */
	uint64_t word[2];
};

struct pap_right {
	const char *name; /* "READ", without CAP_ */
	struct pap_rights bits;
	const char *about;
	bool composite;	 /* made of others (PREAD, MMAP_R, ...) */
	bool linux_only; /* no FreeBSD counterpart */
};

extern const struct pap_right pap_right_table[PAP_NRIGHTS];

/* ---- system calls ----------------------------------------------------------------------- */

enum pap_arg_type {
	PAP_T_NONE,
	PAP_T_FD,     /* int: descriptor */
	PAP_T_DIRFD,  /* int: descriptor or AT_FDCWD */
	PAP_T_INT,
	PAP_T_UINT,
	PAP_T_FLAGS,  /* 32-bit flags */
	PAP_T_MODE,
	PAP_T_CMD,    /* 32-bit command of a multiplexer */
	PAP_T_SIG,
	PAP_T_PID,
	PAP_T_UID,
	PAP_T_GID,
	PAP_T_PATH,   /* pointer to a name that is looked up */
	PAP_T_STR,    /* pointer to another string */
	PAP_T_PTR,
	PAP_T_ADDR,   /* pointer to a socket address */
	PAP_T_SIZE,
	PAP_T_OFF,
	PAP_T_LONG,
	PAP_T_ULONG,  /* 64-bit flags or number, prctl style */
};

unsigned pap_arg_bits(enum pap_arg_type type); /* 32 or 64: what the kernel looks at */

struct pap_arg {
	const char *name;
	uint8_t type;
};

/* What one argument (or the call as such) gets at. */
enum pap_touch {
	PAP_X_FD,	 /* uses descriptor `arg` with `rights` */
	PAP_X_LOOKUP,	 /* looks `path` up from directory `arg`, with `rights` on it */
	PAP_X_PATH,	 /* looks `path` up from the working directory or the root */
	PAP_X_ADDRESS,	 /* names a socket address in `arg` */
	PAP_X_PROCESS,	 /* names a process, thread or group in `arg` */
	PAP_X_IDENTITY,	 /* changes user, group or capabilities */
	PAP_X_GLOBAL,	 /* acts on the system or on a global namespace */
	PAP_X_SELF,	 /* the caller's own process only */
	PAP_X_NEWFD,	 /* returns (or writes) a new descriptor */
	PAP_X_FDMEM,	 /* descriptor numbers in memory behind `arg`: no filter sees them */
	PAP_X_EXEC,	 /* replaces the program */
	PAP_X_PROTECT,	 /* changes what memory may do */
};

/* Rights that depend on another argument are worked out by a named function. */
enum pap_rights_rule {
	PAP_RR_FIXED,
	PAP_RR_OPEN,   /* from open flags in `by` */
	PAP_RR_MMAP,   /* from prot in `by` and flags after it */
	PAP_RR_FCNTL,  /* from the command in `by` */
	PAP_RR_IOCTL,  /* IOCTL and the descriptor's list, command in `by` */
	PAP_RR_MKNOD,  /* from the file type in mode `by` */
};

struct pap_exercise {
	uint8_t touch;
	uint8_t arg;   /* descriptor, process, address... argument */
	uint8_t path;  /* PAP_X_LOOKUP, PAP_X_PATH: argument that holds the name */
	uint8_t rule;  /* enum pap_rights_rule */
	uint8_t by;    /* argument that the rule looks at */
	struct pap_rights rights;
	const struct pap_cond *cond; /* applies only when this holds; NULL: always */
};

/* In capability mode. */
enum pap_capmode {
	PAP_CAP_ALLOW,	   /* needs no descriptor and names nothing */
	PAP_CAP_RIGHTS,	   /* allowed by the rights of its descriptors */
	PAP_CAP_SELF,	   /* only on the caller itself, else ECAPMODE */
	PAP_CAP_SUPERVISE, /* operand sits in memory: performed by the supervisor */
	PAP_CAP_DENY,	   /* ECAPMODE */
	PAP_CAP_NOSYS,	   /* ENOSYS, so that libraries fall back */
};

/*
 * What a filter of capability mode says; `base` as soon as anything is limited,
 * `mode` on top of it after cap_enter. First match decides.
 */
#define PAP_CONFINE_ALLOW 0
#define PAP_CONFINE_SUPERVISE 0xffff /* the supervisor answers */
struct pap_confinement {
	uint16_t verdict;	     /* one of these, or an error number */
	const struct pap_cond *cond; /* NULL: whatever the arguments */
};

struct pap_permit {
	pap_promises promises;	     /* all of these are needed; 0: always permitted */
	const struct pap_cond *cond; /* NULL: whatever the arguments */
};

struct pap_syscall {
	const char *name;
	int16_t number[PAP_ARCH_COUNT]; /* -1: the architecture does not have it */
	uint16_t since_major, since_minor; /* first kernel */
	uint8_t heat;	   /* 0 never .. 9 in every inner loop; weight is 1 << heat */
	uint8_t capmode;   /* enum pap_capmode */
	uint8_t nargs;
	struct pap_arg args[6];
	const struct pap_exercise *exercises;
	uint8_t nexercises;
	const struct pap_permit *permits;
	uint8_t npermits;
	const struct pap_confinement *base, *mode;
	uint8_t nbase, nmode;
	/*
	 * When nothing permits the call: refusal is the errno that libraries expect
	 * and survive (0: EPERM). A call without one, and one with a refusal for
	 * which `grave` holds, is a violation: reported, or deadly under pledge.
	 */
	uint16_t refusal;
	const struct pap_cond *grave;
	const char *about; /* one line */
	const char *file;  /* table file and line that describe it */
	uint16_t line;
};

extern const struct pap_syscall pap_syscall_table[PAP_NSYSCALLS]; /* sorted by name */

const struct pap_syscall *pap_syscall_find(const char *name, size_t length); /* NULL: unknown */
const struct pap_syscall *pap_syscall_by_number(enum pap_arch arch, uint32_t number);
static inline unsigned pap_syscall_id(const struct pap_syscall *call)
{
	return (unsigned)(call - pap_syscall_table);
}

/* ---- named constants, for printing and for sim's arguments ---------------------------------- */

/*
 * Value of "O_CREAT", "AF_INET", "TIOCSTI"..., from src/table/constants.tbl: on the
 * native architecture, or on a named one (O_DIRECT and its like differ).
 */
bool pap_constant_find(const char *name, size_t length, uint64_t *value);
bool pap_constant_find_arch(enum pap_arch arch, const char *name, size_t length, uint64_t *value);

/* The first name that starts with prefix ("AF_") and has this value; NULL: none. */
const char *pap_constant_name(enum pap_arch arch, const char *prefix, uint64_t value);

/* Generated: conditions that code names, bound to one call's arguments (pap_cond_*). */
#include "table/conditions.h"

#endif
