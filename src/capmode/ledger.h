/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which number of a table of descriptors has which limits. A class is one set of
 * limits; a number is put into a class by name (cap_rights_limit) or because it
 * lies in the zone that the filters enforce for a class: what the supervisor makes
 * out of a limited descriptor gets a number there.
 *
 * A ledger is a block of bytes in a sealed file that the process holds itself, at a
 * number that the filters protect: fork and exec carry it where they carry the
 * filters, so that nobody has to guess which limits bind a caller. It is written by
 * the supervisor alone and never changed: a further limit makes another one.
 *
 * After entering nothing a process says is believed: it may announce a limit and not
 * install the filter. A class that was announced then gets its zone inside the zone of
 * the class it was made from, where the older filter still holds, and serves only
 * descriptors of that lineage; and a limited descriptor moves to a number for the limits
 * alone that were enforced there on entering.
 */
#ifndef PAP_CAPMODE_LEDGER_H
#define PAP_CAPMODE_LEDGER_H

#include <stddef.h>

#include "capmode/limits.h"

#define PAP_CLASSES_MAX 400
#define PAP_ENTRIES_MAX 4096
#define PAP_LEDGER_SPANS_MAX 2048
#define PAP_CLASS_FULL 0xffffu /* not limited */

enum { PAP_LEDGER_ENTERED = 1, PAP_LEDGER_WALLED = 2 };

struct pap_ledger_class {
	uint64_t word[2];
	uint32_t fcntls;
	int32_t nspans;
	uint32_t first_span;
	uint16_t parent;   /* PAP_CLASS_FULL: made from an unlimited descriptor */
	uint8_t announced; /* after entering: whether a filter enforces it is not known */
	uint8_t no_shared;
	/* Own numbers [lo, own_end), then [next, hi) for classes made from this one. */
	int32_t lo, own_end, next, hi;
};

struct pap_ledger_entry {
	int32_t fd;
	uint16_t class;
	uint16_t enforced; /* the class whose filter is certain: it was there on entering */
};

struct pap_ledger_head {
	uint32_t magic, size, flags;
	uint32_t nclasses, nentries, nspans;
	int32_t self;               /* the number the ledger itself has */
	int32_t arena_lo, arena_hi; /* free for zones, taken from above */
	int32_t upper_lo, upper_hi; /* the same above what select() can name */
	uint32_t reserved;
};

/* A view of the bytes; they outlive it. */
struct pap_ledger {
	const struct pap_ledger_head *head;
	const struct pap_ledger_class *classes;
	const struct pap_ledger_entry *entries; /* sorted by fd */
	const struct pap_span *spans;
};

/* -EINVAL when the bytes are no ledger. */
int pap_ledger_view(struct pap_ledger *ledger, const void *bytes, size_t size);
unsigned pap_ledger_class_of(const struct pap_ledger *ledger, int fd);
/* The class that a filter enforces for the number, whatever was announced since entering. */
unsigned pap_ledger_enforced(const struct pap_ledger *ledger, int fd);
/* The limits of a class, PAP_CLASS_FULL included. */
void pap_ledger_limits(const struct pap_ledger *ledger, unsigned class, struct pap_limits *limits);

/* A ledger that is being made. */
struct pap_draft {
	struct pap_ledger_head head;
	struct pap_ledger_class classes[PAP_CLASSES_MAX];
	struct pap_ledger_entry entries[PAP_ENTRIES_MAX];
	struct pap_span spans[PAP_LEDGER_SPANS_MAX];
};

#define PAP_LEDGER_BYTES (sizeof(struct pap_draft))

/* Starts without limits: `self` is the ledger's number, `numbers` how many the table may have. */
void pap_draft_init(struct pap_draft *draft, int self, int numbers);
void pap_draft_copy(struct pap_draft *draft, const struct pap_ledger *ledger);
struct pap_ledger pap_draft_view(const struct pap_draft *draft);
/* Into buf of PAP_LEDGER_BYTES; returns the length. */
size_t pap_draft_pack(const struct pap_draft *draft, void *buf);

struct pap_narrowing {
	bool nothing;   /* the number has these limits already */
	unsigned class; /* that it gets */
	bool is_new;    /* the class: its zone needs a filter too */
	int lo, hi;     /* that zone, [lo, hi) */
};

/*
 * Limits number fd. -PAP_ENOTCAPABLE when that would widen, -ENOMEM when a table of
 * the ledger is full. limits->no_shared says how the description was opened.
 */
int pap_draft_limit(struct pap_draft *draft, int fd, const struct pap_limits *limits,
		    struct pap_narrowing *out);

#endif
