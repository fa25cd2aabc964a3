/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A packed list from a stranger. The first byte tells how many descriptors came with it
 * and which flags are wanted; the rest is the list. What is read packs to bytes that read
 * back and pack to the same; descriptors are each taken once or left.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "nv/nv.h"

enum { DESCRIPTORS = 8 };

static void check_descriptors(const struct nvlist *list, const int *left, size_t count)
{
	int taken[DESCRIPTORS], seen = 0;
	size_t n = pap_nv_descriptors(list);

	MUST(n <= count);
	pap_nv_collect(list, taken);
	for (size_t i = 0; i < n; i++) {
		MUST(taken[i] >= 100 && (size_t)taken[i] < 100 + count);
		MUST(!(seen & 1 << (taken[i] - 100)));
		seen |= 1 << (taken[i] - 100);
	}
	for (size_t i = 0; i < count; i++)
		MUST((left[i] == -1) == !!(seen & 1 << i));
}

static void check_again(const struct nvlist *list)
{
	int descriptors[DESCRIPTORS] = {0, 1, 2, 3, 4, 5, 6, 7};
	uint8_t *bytes, *again;
	size_t size, second;
	struct nvlist *back;
	struct pap_text text = {0};

	MUST(pap_nv_pack(list, &bytes, &size) == 0);
	MUST(size == pap_nv_size(list));
	MUST(pap_nv_unpack(bytes, size, list->flags, descriptors, pap_nv_descriptors(list),
			   &back) == 0);
	MUST(pap_nv_pack(back, &again, &second) == 0);
	MUST(size == second && !memcmp(bytes, again, size));
	pap_nv_print(back, &text);
	MUST(!text.failed);
	pap_text_free(&text);
	pap_nv_free(back, NULL);
	free(bytes);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int descriptors[DESCRIPTORS] = {100, 101, 102, 103, 104, 105, 106, 107};
	size_t count = size ? bytes[0] & (DESCRIPTORS - 1) : 0;
	struct nvlist *list = NULL;

	if (!size)
		return 0;
	if (pap_nv_unpack(bytes + 1, size - 1, bytes[0] >> 6, descriptors, count, &list)) {
		for (int i = 0; i < DESCRIPTORS; i++)
			MUST(descriptors[i] == 100 + i);
		return 0;
	}
	check_descriptors(list, descriptors, count);
	check_again(list);
	pap_nv_free(list, NULL);
	return 0;
}
