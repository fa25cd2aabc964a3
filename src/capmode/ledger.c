/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger: pure bookkeeping, the same in the library, the supervisor and the tests. */
#include "capmode/ledger.h"

#include <errno.h>
#include <string.h>

#include "base/codes.h"

#define MAGIC 0x50415031u /* "PAP1" */
#define SELECT_NUMBERS 1024
#define UPPER_MAX 65536

/* ---- looking ------------------------------------------------------------------------------- */

int pap_ledger_view(struct pap_ledger *ledger, const void *bytes, size_t size)
{
	const struct pap_ledger_head *head = bytes;
	size_t classes, entries, spans;

	if (size < sizeof(*head) || head->magic != MAGIC || head->size != size ||
	    head->nclasses > PAP_CLASSES_MAX || head->nentries > PAP_ENTRIES_MAX ||
	    head->nspans > PAP_LEDGER_SPANS_MAX)
		return -EINVAL;
	classes = head->nclasses * sizeof(struct pap_ledger_class);
	entries = head->nentries * sizeof(struct pap_ledger_entry);
	spans = head->nspans * sizeof(struct pap_span);
	if (size != sizeof(*head) + classes + entries + spans)
		return -EINVAL;
	ledger->head = head;
	ledger->classes = (const void *)(head + 1);
	ledger->entries = (const void *)((const char *)ledger->classes + classes);
	ledger->spans = (const void *)((const char *)ledger->entries + entries);
	return 0;
}

static const struct pap_ledger_entry *find_entry(const struct pap_ledger *ledger, int fd)
{
	uint32_t low = 0, high = ledger->head->nentries;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (ledger->entries[middle].fd < fd)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < ledger->head->nentries && ledger->entries[low].fd == fd)
		return &ledger->entries[low];
	return NULL;
}

/* Zones nest, inner ones come later: the last that holds the number binds it. */
static unsigned class_of_zone(const struct pap_ledger *ledger, int fd)
{
	unsigned found = PAP_CLASS_FULL;

	for (unsigned i = 0; i < ledger->head->nclasses; i++) {
		if (fd >= ledger->classes[i].lo && fd < ledger->classes[i].hi)
			found = i;
	}
	return found;
}

unsigned pap_ledger_class_of(const struct pap_ledger *ledger, int fd)
{
	const struct pap_ledger_entry *entry = find_entry(ledger, fd);

	return entry ? entry->class : class_of_zone(ledger, fd);
}

unsigned pap_ledger_enforced(const struct pap_ledger *ledger, int fd)
{
	const struct pap_ledger_entry *entry = find_entry(ledger, fd);
	unsigned class = entry ? entry->enforced : class_of_zone(ledger, fd);

	while (class != PAP_CLASS_FULL && ledger->classes[class].announced)
		class = ledger->classes[class].parent;
	return class;
}

void pap_ledger_limits(const struct pap_ledger *ledger, unsigned class, struct pap_limits *limits)
{
	const struct pap_ledger_class *c;

	if (class == PAP_CLASS_FULL) {
		*limits = pap_limits_full;
		return;
	}
	c = &ledger->classes[class];
	*limits = (struct pap_limits){.rights = {{c->word[0], c->word[1]}},
				      .fcntls = c->fcntls,
				      .nspans = c->nspans,
				      .no_shared = c->no_shared,
				      .spans = ledger->spans + c->first_span};
}

/* ---- making -------------------------------------------------------------------------------- */

void pap_draft_init(struct pap_draft *draft, int self, int numbers)
{
	int top = self < numbers ? self : numbers;

	memset(&draft->head, 0, sizeof(draft->head));
	draft->head.magic = MAGIC;
	draft->head.self = self;
	/* The lower numbers stay the program's own: the kernel gives out the lowest that is free.
	 */
	draft->head.arena_lo = top / 4;
	draft->head.arena_hi = top;
	if (numbers > 2 * SELECT_NUMBERS) {
		draft->head.upper_lo = SELECT_NUMBERS;
		draft->head.upper_hi = numbers < UPPER_MAX ? numbers : UPPER_MAX;
	}
}

struct pap_ledger pap_draft_view(const struct pap_draft *draft)
{
	return (struct pap_ledger){&draft->head, draft->classes, draft->entries, draft->spans};
}

void pap_draft_copy(struct pap_draft *draft, const struct pap_ledger *ledger)
{
	draft->head = *ledger->head;
	memcpy(draft->classes, ledger->classes, draft->head.nclasses * sizeof(draft->classes[0]));
	memcpy(draft->entries, ledger->entries, draft->head.nentries * sizeof(draft->entries[0]));
	memcpy(draft->spans, ledger->spans, draft->head.nspans * sizeof(draft->spans[0]));
}

size_t pap_draft_pack(const struct pap_draft *draft, void *buf)
{
	const struct pap_ledger_head *head = &draft->head;
	size_t classes = head->nclasses * sizeof(draft->classes[0]);
	size_t entries = head->nentries * sizeof(draft->entries[0]);
	size_t spans = head->nspans * sizeof(draft->spans[0]);
	char *at = buf;

	memcpy(at, head, sizeof(*head));
	memcpy(at + sizeof(*head), draft->classes, classes);
	memcpy(at + sizeof(*head) + classes, draft->entries, entries);
	memcpy(at + sizeof(*head) + classes + entries, draft->spans, spans);
	((struct pap_ledger_head *)at)->size =
	    (uint32_t)(sizeof(*head) + classes + entries + spans);
	return sizeof(*head) + classes + entries + spans;
}

/* What opens or accepts makes many descriptors, what is only copied makes few. */
static int wanted_numbers(const struct pap_limits *limits, int room)
{
	const uint64_t makes_many = 0x400ull | 0x20000000ull; /* LOOKUP, ACCEPT */
	int wanted = 8;

	if (limits->rights.word[0] & makes_many)
		wanted = room / 8 > 16 ? room / 8 : 16;
	return wanted > 256 ? 256 : wanted;
}

/* A zone of its own for a class made before entering, or from an unlimited descriptor. */
static void take_zone(struct pap_draft *draft, const struct pap_limits *limits,
		      struct pap_ledger_class *class)
{
	struct pap_ledger_head *head = &draft->head;
	int room = head->arena_hi - head->arena_lo, wanted = wanted_numbers(limits, room);
	int32_t *hi = &head->arena_hi;

	if (room < wanted && head->upper_hi - head->upper_lo >= wanted)
		hi = &head->upper_hi;
	else if (room < wanted)
		wanted = room;
	class->hi = *hi;
	*hi -= wanted;
	class->lo = *hi;
}

/* A part of the zone of the class it was made from; none is left: an empty one. */
static void take_part(struct pap_ledger_class *parent, struct pap_ledger_class *class)
{
	int room = parent->hi - parent->next, wanted = (room + 1) / 2;

	class->lo = parent->next;
	parent->next += wanted;
	class->hi = parent->next;
}

static int add_class(struct pap_draft *draft, unsigned old, const struct pap_limits *limits)
{
	struct pap_ledger_head *head = &draft->head;
	bool entered = head->flags & PAP_LEDGER_ENTERED;
	struct pap_ledger_class *class = &draft->classes[head->nclasses];
	uint32_t nspans = limits->nspans > 0 ? (uint32_t)limits->nspans : 0;

	if (head->nclasses == PAP_CLASSES_MAX || head->nspans + nspans > PAP_LEDGER_SPANS_MAX)
		return -ENOMEM;
	*class = (struct pap_ledger_class){
	    .word = {limits->rights.word[0], limits->rights.word[1]},
	    .fcntls = limits->fcntls,
	    .nspans = limits->nspans,
	    .first_span = head->nspans,
	    .parent = (uint16_t)old,
	    .announced = entered,
	    .no_shared = limits->no_shared,
	};
	if (nspans)
		memcpy(draft->spans + head->nspans, limits->spans,
		       nspans * sizeof(draft->spans[0]));
	head->nspans += nspans;
	if (entered && old != PAP_CLASS_FULL)
		take_part(&draft->classes[old], class);
	else
		take_zone(draft, limits, class);
	class->own_end = class->hi - (class->hi - class->lo) / 4;
	class->next = class->own_end;
	return (int)head->nclasses++;
}

/* A class that is there already and may serve a descriptor of class old. */
static int find_class(const struct pap_draft *draft, unsigned old, const struct pap_limits *limits)
{
	struct pap_ledger view = pap_draft_view(draft);

	for (unsigned i = 0; i < draft->head.nclasses; i++) {
		struct pap_limits has;

		if (draft->classes[i].announced && draft->classes[i].parent != old)
			continue;
		pap_ledger_limits(&view, i, &has);
		if (pap_limits_equal(&has, limits))
			return (int)i;
	}
	return -1;
}

static int set_entry(struct pap_draft *draft, int fd, unsigned class)
{
	struct pap_ledger_head *head = &draft->head;
	struct pap_ledger view = pap_draft_view(draft);
	unsigned enforced = class;
	uint32_t at = 0;

	if (head->flags & PAP_LEDGER_ENTERED)
		enforced = pap_ledger_enforced(&view, fd);

	while (at < head->nentries && draft->entries[at].fd < fd)
		at++;
	if (at == head->nentries || draft->entries[at].fd != fd) {
		if (head->nentries == PAP_ENTRIES_MAX)
			return -ENOMEM;
		memmove(&draft->entries[at + 1], &draft->entries[at],
			(head->nentries - at) * sizeof(draft->entries[0]));
		head->nentries++;
	}
	draft->entries[at] =
	    (struct pap_ledger_entry){fd, (uint16_t)class, (uint16_t)enforced};
	return 0;
}

int pap_draft_limit(struct pap_draft *draft, int fd, const struct pap_limits *limits,
		    struct pap_narrowing *out)
{
	struct pap_ledger view = pap_draft_view(draft);
	unsigned old = pap_ledger_class_of(&view, fd);
	struct pap_limits has, wanted = *limits;
	int class;

	*out = (struct pap_narrowing){0};
	pap_ledger_limits(&view, old, &has);
	if (!pap_limits_contain(&has, &wanted))
		return -PAP_ENOTCAPABLE;
	/* A number keeps what was found out about it: descriptions behind it may come and go. */
	wanted.no_shared |= has.no_shared;
	if (pap_limits_equal(&has, &wanted)) {
		out->nothing = true;
		out->class = old;
		return 0;
	}
	class = find_class(draft, old, &wanted);
	if (class < 0) {
		class = add_class(draft, old, &wanted);
		if (class < 0)
			return class;
		out->is_new = true;
		out->lo = draft->classes[class].lo;
		out->hi = draft->classes[class].hi;
	}
	out->class = (unsigned)class;
	return set_entry(draft, fd, (unsigned)class);
}
