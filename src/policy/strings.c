/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chunks of bytes that are freed together, and a hash table with open addressing
 * over keys in them. The hash is not keyed: who writes a policy has no reason to
 * slow his own program down.
 */
#include "policy/strings.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 4000, FIRST_SLOTS = 64 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	char bytes[];
};

struct slot {
	struct pap_key key; /* bytes NULL: free */
	uint32_t hash;
	uint32_t length;
	uint8_t kind;
};

struct pap_strings {
	struct chunk *chunks;
	struct slot *slots;
	size_t nslots, used; /* nslots is a power of two */
};

struct pap_strings *pap_strings_new(void)
{
	struct pap_strings *strings = calloc(1, sizeof(*strings));

	if (!strings)
		return NULL;
	strings->nslots = FIRST_SLOTS;
	strings->slots = calloc(strings->nslots, sizeof(*strings->slots));
	if (!strings->slots) {
		free(strings);
		return NULL;
	}
	return strings;
}

void pap_strings_free(struct pap_strings *strings)
{
	struct chunk *chunk, *next;

	if (!strings)
		return;
	for (chunk = strings->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(strings->slots);
	free(strings);
}

char *pap_strings_copy(struct pap_strings *strings, const void *bytes, size_t length)
{
	struct chunk *chunk = strings->chunks;
	char *copy;

	if (length >= UINT32_MAX)
		return NULL;
	if (!chunk || chunk->size - chunk->used < length + 1) {
		size_t size = length + 1 > CHUNK ? length + 1 : CHUNK;

		chunk = malloc(sizeof(*chunk) + size);
		if (!chunk)
			return NULL;
		chunk->next = strings->chunks;
		chunk->used = 0;
		chunk->size = size;
		strings->chunks = chunk;
	}
	copy = chunk->bytes + chunk->used;
	if (length)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	chunk->used += length + 1;
	return copy;
}

static uint32_t hash_of(enum pap_key_kind kind, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)kind;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * 0x100000001b3u;
	return (uint32_t)(hash ^ hash >> 32);
}

static struct slot *slot_of(const struct pap_strings *strings, enum pap_key_kind kind,
			    const void *bytes, size_t length, uint32_t hash)
{
	size_t mask = strings->nslots - 1, i = hash & mask;

	for (;; i = (i + 1) & mask) {
		struct slot *slot = &strings->slots[i];

		if (!slot->key.bytes)
			return slot;
		if (slot->hash == hash && slot->kind == kind && slot->length == length &&
		    !memcmp(slot->key.bytes, bytes, length))
			return slot;
	}
}

const struct pap_key *pap_strings_find(const struct pap_strings *strings, enum pap_key_kind kind,
				       const void *bytes, size_t length)
{
	struct slot *slot = slot_of(strings, kind, bytes, length, hash_of(kind, bytes, length));

	return slot->key.bytes ? &slot->key : NULL;
}

static bool grow(struct pap_strings *strings)
{
	struct pap_strings bigger = {.nslots = strings->nslots * 2};

	bigger.slots = calloc(bigger.nslots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < strings->nslots; i++) {
		struct slot *slot = &strings->slots[i];

		if (slot->key.bytes)
			*slot_of(&bigger, slot->kind, slot->key.bytes, slot->length, slot->hash) =
			    *slot;
	}
	free(strings->slots);
	strings->slots = bigger.slots;
	strings->nslots = bigger.nslots;
	return true;
}

const struct pap_key *pap_strings_add(struct pap_strings *strings, enum pap_key_kind kind,
				      const void *bytes, size_t length, uint32_t value)
{
	uint32_t hash = hash_of(kind, bytes, length);
	struct slot *slot;
	char *copy;

	if ((strings->used + 1) * 4 > strings->nslots * 3 && !grow(strings))
		return NULL;
	copy = pap_strings_copy(strings, bytes, length);
	if (!copy)
		return NULL;
	slot = slot_of(strings, kind, copy, length, hash);
	*slot = (struct slot){{copy, value}, hash, (uint32_t)length, (uint8_t)kind};
	strings->used++;
	return &slot->key;
}
