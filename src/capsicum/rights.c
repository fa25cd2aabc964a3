/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two groups. What the library needs (pap_rights_*) answers; what programs call on
 * their own sets (cap_rights_*) ends them for malformed input, each rule where FreeBSD
 * has it: a set is checked for its version before anything, rights one by one, and two
 * sets that are combined as a whole.
 */
#include "capsicum/rights.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/capsicum.h>

#include "capmode/limits.h"
#include "capsicum/malformed.h"

enum { WORDS = CAPARSIZE_MAX };

static const uint64_t payload = (1ULL << 57) - 1;

/* ---- for the library ------------------------------------------------------------------- */

/* What programs see as numbers, and what limits are made of. */
_Static_assert(CAP_ALL0 == CAPRIGHT(0, PAP_RIGHTS_ALL0) && CAP_ALL1 == CAPRIGHT(1, PAP_RIGHTS_ALL1),
	       "all rights");
_Static_assert(CAP_FCNTL_GETFL == PAP_FCNTL_GETFL && CAP_FCNTL_SETFL == PAP_FCNTL_SETFL &&
		   CAP_FCNTL_GETOWN == PAP_FCNTL_GETOWN && CAP_FCNTL_SETOWN == PAP_FCNTL_SETOWN,
	       "commands of fcntl");

/* Everything above the payload is settled: version 0, and the word's own index bit. */
static bool marked(const cap_rights_t *set)
{
	for (int i = 0; i < WORDS; i++)
		if ((set->cr_rights[i] & ~payload) != CAPRIGHT(i, 0ULL))
			return false;
	return true;
}

int pap_rights_from_set(const cap_rights_t *set, struct pap_rights *rights)
{
	const volatile uint64_t *words = set->cr_rights;
	const cap_rights_t copy = {{words[0], words[1]}};
	struct pap_rights found = {{copy.cr_rights[0] & payload, copy.cr_rights[1] & payload}};

	if (!marked(&copy) || !pap_rights_contain(pap_limits_full.rights, found))
		return -EINVAL;
	*rights = found;
	return 0;
}

void pap_rights_to_set(struct pap_rights rights, cap_rights_t *set)
{
	set->cr_rights[0] = CAPRIGHT(0, rights.word[0] & payload);
	set->cr_rights[1] = CAPRIGHT(1, rights.word[1] & payload);
}

/* ---- what programs call: one set, rights one by one ---------------------------------------- */

static void require_version(const cap_rights_t *set, const char *function)
{
	if (!set)
		pap_rights_malformed(function, "the set of rights is NULL");
	if (CAPVER(set) != CAP_RIGHTS_VERSION_00)
		pap_rights_malformed(function, "the set of rights has an unknown version; "
					       "it may not have been initialized");
}

/* The word that a right belongs to. Only one that is marked alike can take it. */
static uint64_t *word_of(cap_rights_t *set, uint64_t right, const char *function)
{
	if (CAPRVER(right) == 0)
		for (int i = 0; i < WORDS; i++)
			if (CAPIDXBIT(right) == 1 << i &&
			    CAPIDXBIT(set->cr_rights[i]) == CAPIDXBIT(right))
				return &set->cr_rights[i];
	pap_rights_malformed(function, "not a right, or rights joined with | that belong to "
				       "different words, or the set was not initialized");
}

/* A plain int 0 ends a list, too: compilers clear the whole of what it is passed in. */
static void set_rights(cap_rights_t *set, va_list list, const char *function)
{
	uint64_t right;

	while ((right = va_arg(list, uint64_t)) != 0)
		*word_of(set, right, function) |= right;
}

cap_rights_t *__cap_rights_init(int version, cap_rights_t *rights, ...)
{
	va_list list;

	if (version != CAP_RIGHTS_VERSION_00)
		pap_rights_malformed("cap_rights_init", "unknown version of rights");
	if (!rights)
		pap_rights_malformed("cap_rights_init", "the set of rights is NULL");
	CAP_NONE(rights);
	va_start(list, rights);
	set_rights(rights, list, "cap_rights_init");
	va_end(list);
	return rights;
}

cap_rights_t *__cap_rights_set(cap_rights_t *rights, ...)
{
	va_list list;

	require_version(rights, "cap_rights_set");
	va_start(list, rights);
	set_rights(rights, list, "cap_rights_set");
	va_end(list);
	return rights;
}

cap_rights_t *__cap_rights_clear(cap_rights_t *rights, ...)
{
	uint64_t right;
	va_list list;

	require_version(rights, "cap_rights_clear");
	va_start(list, rights);
	while ((right = va_arg(list, uint64_t)) != 0)
		*word_of(rights, right, "cap_rights_clear") &= ~(right & payload);
	va_end(list);
	return rights;
}

bool __cap_rights_is_set(const cap_rights_t *rights, ...)
{
	bool all = true;
	cap_rights_t set;
	uint64_t right;
	va_list list;

	require_version(rights, "cap_rights_is_set");
	set = *rights;
	va_start(list, rights);
	while ((right = va_arg(list, uint64_t)) != 0)
		if ((*word_of(&set, right, "cap_rights_is_set") & right) != right)
			all = false;
	va_end(list);
	return all;
}

/* ---- what programs call: whole sets --------------------------------------------------------- */

bool cap_rights_is_valid(const cap_rights_t *rights)
{
	struct pap_rights found;

	return rights && pap_rights_from_set(rights, &found) == 0;
}

bool cap_rights_is_empty(const cap_rights_t *rights)
{
	require_version(rights, "cap_rights_is_empty");
	return rights->cr_rights[0] == CAPRIGHT(0, 0ULL) &&
	       rights->cr_rights[1] == CAPRIGHT(1, 0ULL);
}

static struct pap_rights require_valid(const cap_rights_t *set, const char *function)
{
	struct pap_rights rights;

	require_version(set, function);
	if (pap_rights_from_set(set, &rights) < 0)
		pap_rights_malformed(function, "the set has rights that do not exist, or was not "
					       "initialized");
	return rights;
}

cap_rights_t *cap_rights_merge(cap_rights_t *dst, const cap_rights_t *src)
{
	struct pap_rights to = require_valid(dst, "cap_rights_merge");
	struct pap_rights from = require_valid(src, "cap_rights_merge");

	to.word[0] |= from.word[0];
	to.word[1] |= from.word[1];
	pap_rights_to_set(to, dst);
	return dst;
}

cap_rights_t *cap_rights_remove(cap_rights_t *dst, const cap_rights_t *src)
{
	struct pap_rights to = require_valid(dst, "cap_rights_remove");
	struct pap_rights from = require_valid(src, "cap_rights_remove");

	to.word[0] &= ~from.word[0];
	to.word[1] &= ~from.word[1];
	pap_rights_to_set(to, dst);
	return dst;
}

cap_rights_t *cap_rights_intersect(cap_rights_t *dst, const cap_rights_t *src)
{
	struct pap_rights to = require_valid(dst, "cap_rights_intersect");
	struct pap_rights from = require_valid(src, "cap_rights_intersect");

	to.word[0] &= from.word[0];
	to.word[1] &= from.word[1];
	pap_rights_to_set(to, dst);
	return dst;
}

bool cap_rights_contains(const cap_rights_t *big, const cap_rights_t *little)
{
	struct pap_rights ceiling = require_valid(big, "cap_rights_contains");
	struct pap_rights rights = require_valid(little, "cap_rights_contains");

	return pap_rights_contain(ceiling, rights);
}
