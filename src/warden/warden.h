/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The supervisor of capability mode. A process forks it without executing anything
 * (it must work in a chroot and in a static program) when it limits its first
 * descriptor or enters, and it answers what the base filter routes to it until the
 * last task under that filter is gone.
 *
 * Every byte that comes from the sandbox is hostile: register values, memory, what
 * stands behind a descriptor. What a caller may do is read from the ledger that the
 * caller holds at a number it cannot touch, never from what it says. Nothing that
 * was decided by memory is left to the caller's own call once it has entered.
 *
 * It uses no heap, no stdio and no handler of the program's: a fork in a program with
 * threads leaves those in any state.
 */
#ifndef PAP_WARDEN_WARDEN_H
#define PAP_WARDEN_WARDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capmode/ledger.h"
#include "uapi/seccomp.h"

#define PAP_WARDEN_PROCESSES 128
#define PAP_WARDEN_WAITING 128
#define PAP_WARDEN_PATH 4096

struct pap_warden_process {
	pid_t tgid; /* 0: free */
	int pidfd;
	void *bytes; /* its ledger, mapped; NULL: not looked at yet */
	size_t size;
	struct pap_ledger ledger;
	uint64_t used; /* when last, for finding the one to forget */
};

struct pap_warden {
	int listener;
	int proc;          /* a directory handle of /proc, or -1 */
	int own;           /* our own descriptors in it, or -1 */
	int ledger_number; /* the same in every process of the tree */
	uint64_t clock;
	/*
	 * Whether some task of the tree may differ from us. Until then nobody has to be
	 * looked at: every call that changes identity comes by here first.
	 */
	bool identities_differ, umasks_differ;
	bool blind; /* a difference that cannot be seen (a Landlock domain, a label): no lookups */
	bool privileged; /* has capabilities: executing may change them */
	uint32_t uid[4], gid[4];
	uint64_t capabilities, groups;
	mode_t umask;
	unsigned nwaiting;
	int report; /* where denials are told, -1: nowhere */
	bool traps; /* and the thread gets a signal */
	struct pap_seccomp_notif *notif;
	struct pap_warden_process processes[PAP_WARDEN_PROCESSES];
};

struct pap_request {
	struct pap_warden *warden;
	uint64_t id;
	pid_t tid;
	struct pap_seccomp_data data; /* copied: the buffer serves the next notification */
	const struct pap_syscall *call;
	struct pap_warden_process *process;
	const struct pap_ledger *ledger;
	bool entered;
};

/* What a handler answers: a value, a negative error, or one of these. */
#define PAP_ANSWER_CONTINUE (INT64_MIN)  /* the caller's own call goes on: registers decided */
#define PAP_ANSWER_SENT (INT64_MIN + 1)  /* answered already, with a descriptor */
#define PAP_ANSWER_WAITS (INT64_MIN + 2) /* will be answered later */

typedef int64_t pap_warden_handler(struct pap_request *request);

/* ---- process.c: who asks --------------------------------------------------------------------- */

/* Finds the process of a thread and its ledger. 0 or a negative error: refuse. */
int pap_request_open(struct pap_request *request);
/* Whether the caller still waits for this answer; ask after the last look at it. */
bool pap_request_valid(const struct pap_request *request);
void pap_process_forget(struct pap_warden_process *process);
/* The ledger of a process has been replaced: look again. */
void pap_process_reread(struct pap_warden_process *process);

/* Memory of the caller. 0 or -EFAULT. */
int pap_request_read(const struct pap_request *request, uint64_t address, void *buf, size_t size);
int pap_request_write(const struct pap_request *request, uint64_t address, const void *buf,
		      size_t size);
/* A path into buf of PAP_WARDEN_PATH bytes; its length, -ENAMETOOLONG, -EFAULT. */
ssize_t pap_request_path(const struct pap_request *request, uint64_t address, char *buf);

/* A copy of the caller's descriptor, or -EBADF. */
int pap_request_fd(const struct pap_request *request, int fd);

/* Limits of the caller's number. */
unsigned pap_request_limits(const struct pap_request *request, int fd, struct pap_limits *limits);
/* The same for a number of another process of the tree, which must have a ledger. */
int pap_other_limits(const struct pap_request *request, pid_t pid, int fd,
		     struct pap_limits *limits);
/* Whether argument arg's number has what the call needs; true for one that nobody limited. */
bool pap_request_permitted(const struct pap_request *request, unsigned arg);

/* ---- identity.c: what the caller could do itself ----------------------------------------------
 */

/* Reads ours, once. 0 or negative errno. */
int pap_identity_learn(struct pap_warden *warden, bool threads_differ);
/*
 * 0 when we may act for the caller: same users, groups and capabilities, and our umask
 * is the caller's for the moment. -PAP_ENOTCAPABLE when it cannot be told.
 */
int pap_identity_match(struct pap_request *request, bool creates);

/* ---- beside.c: without a detour over another processor ----------------------------------------
 */

#define PAP_PROCESSOR_WORDS 16

struct pap_processors {
	uint64_t bits[PAP_PROCESSOR_WORDS];
};

struct pap_beside {
	struct pap_processors callers, ours;
	long caller, own; /* bytes of each that count; 0: left alone */
};

void pap_beside_begin(const struct pap_request *request, struct pap_beside *beside);
/* Gives the caller back what it had: before it is answered. */
void pap_beside_caller(const struct pap_request *request, const struct pap_beside *beside);
void pap_beside_end(const struct pap_beside *beside);

/* ---- place.c: descriptors for callers ---------------------------------------------------------
 */

/*
 * Puts fd into the caller's table and answers with its number: where the limits of
 * class hold, or at the lowest free number for an unlimited one. minimum: as F_DUPFD
 * has it. Closes fd. PAP_ANSWER_SENT or a negative error.
 */
int64_t pap_give(struct pap_request *request, int fd, unsigned class, int minimum, bool cloexec);
/* The same without answering: the number, or a negative error. */
int pap_give_quietly(struct pap_request *request, int fd, unsigned class, bool cloexec);

/* ---- serve.c ------------------------------------------------------------------------------------
 */

void pap_warden_answer(const struct pap_request *request, int64_t answer);
/* Serves until nobody is left under the filter. */
void pap_warden_serve(struct pap_warden *warden);

/* ---- own.c
 * ---------------------------------------------------------------------------------------- */

/* Confines the supervisor itself to what it does. 0 or a negative errno. */
int pap_warden_confine(void);

/* ---- report.c
 * -------------------------------------------------------------------------------------- */

/* Tells a denial, if somebody wants to know. */
void pap_warden_report(const struct pap_request *request, int64_t answer);

/* ---- wait.c: calls that would block
 * --------------------------------------------------------------- */

/*
 * Keeps the request until fd is ready for events, then asks `again`; a signal for the
 * caller ends it. Takes fd over. PAP_ANSWER_WAITS, or -EAGAIN when too many wait.
 */
typedef int64_t pap_again(struct pap_request *request, int fd);
int64_t pap_wait_for(struct pap_request *request, int fd, short events, pap_again *again);
/* A blocking open of what is pinned, by a process of its own. */
struct pap_open_wish {
	int pin;
	int flags;
	unsigned class;
	bool cloexec;
};
int64_t pap_wait_open(struct pap_request *request, const struct pap_open_wish *wish);
struct pollfd;
unsigned pap_waiting_polls(struct pollfd *polls); /* room for PAP_WARDEN_WAITING */
void pap_waiting_ready(struct pap_warden *warden, const struct pollfd *polls, unsigned count);

/* ---- lookup.c: paths beneath a directory that the caller holds --------------------------------
 */

/* The directory behind argument arg, checked for rights; a handle or a negative error. */
int pap_lookup_base(struct pap_request *request, unsigned arg);
/* Pins what path names beneath base: O_PATH, never leaving, never on a file system of names. */
int pap_lookup_pin(int base, const char *path, bool follow);
/* Pins the directory above the last component, which is copied to last (NAME_MAX + 1 bytes). */
int pap_lookup_parent(int base, const char *path, char *last, bool *slash);
/* Opens what a pin of ours stands for. A descriptor or a negative error. */
int pap_lookup_reopen(const struct pap_warden *warden, int pin, int flags);
/* "/proc/self/fd/N" of our own descriptor; needs warden->proc. */
void pap_lookup_own(int fd, char buf[32]);

/* ---- the handlers
 * --------------------------------------------------------------------------------- */

pap_warden_handler *pap_warden_handler_of(unsigned call);

pap_warden_handler pap_on_control; /* control.c */
pap_warden_handler pap_on_dup, pap_on_dup2, pap_on_fcntl, pap_on_accept,
    pap_on_listen;                                             /* copies.c */
pap_warden_handler pap_on_openat, pap_on_openat2;              /* open.c */
pap_warden_handler pap_on_names, pap_on_metadata, pap_on_exec; /* names.c, metadata.c, ... */
pap_warden_handler pap_on_send, pap_on_receive;                /* messages.c */
pap_warden_handler pap_on_poll, pap_on_select, pap_on_aio;     /* events.c */
pap_warden_handler pap_on_limit, pap_on_compare;
pap_warden_handler pap_on_self, pap_on_identity, pap_on_umask; /* self.c */

#endif
