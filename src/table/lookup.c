/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding rows of the generated tables by name and by number. The arrays are
 * sorted by the generator (a test holds that), so names are found by halving.
 */
#include <string.h>

#include "table/private.h"
#include "uapi/seccomp.h"

static const struct {
	const char *name;
	uint32_t audit;
} arch_table[PAP_ARCH_COUNT] = {
    [PAP_ARCH_X86_64] = {"x86_64", PAP_AUDIT_ARCH_X86_64},
    [PAP_ARCH_AARCH64] = {"aarch64", PAP_AUDIT_ARCH_AARCH64},
};

const char *pap_arch_name(enum pap_arch arch)
{
	return arch_table[arch].name;
}

uint32_t pap_arch_audit(enum pap_arch arch)
{
	return arch_table[arch].audit;
}

bool pap_arch_from_name(const char *name, enum pap_arch *arch)
{
	for (unsigned i = 0; i < PAP_ARCH_COUNT; i++) {
		if (strcmp(name, arch_table[i].name) == 0) {
			*arch = i;
			return true;
		}
	}
	return false;
}

unsigned pap_arg_bits(enum pap_arg_type type)
{
	return (unsigned)type < pap_type_count ? pap_type_bits[type] : 0;
}

/* Order of a terminated name and a counted one, as strcmp. */
static int compare(const char *name, const char *wanted, size_t length)
{
	int order = strncmp(name, wanted, length);

	return order ? order : name[length] != '\0';
}

typedef const char *name_of(size_t index);

static long search(name_of *name, size_t count, const char *wanted, size_t length)
{
	size_t low = 0, high = count;

	if (memchr(wanted, '\0', length))
		return -1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(name(middle), wanted, length);

		if (order == 0)
			return (long)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

static const char *syscall_name(size_t index)
{
	return pap_syscall_table[index].name;
}

const struct pap_syscall *pap_syscall_find(const char *name, size_t length)
{
	long found = search(syscall_name, PAP_NSYSCALLS, name, length);

	return found < 0 ? NULL : &pap_syscall_table[found];
}

const struct pap_syscall *pap_syscall_by_number(enum pap_arch arch, uint32_t number)
{
	int row;

	if ((unsigned)arch >= PAP_ARCH_COUNT || number >= PAP_NUMBER_LIMIT)
		return NULL;
	row = pap_number_index[arch][number];
	return row < 0 ? NULL : &pap_syscall_table[row];
}

/* In the order of their ids, which is that of the table file: there are few. */
int pap_promise_find(const char *name, size_t length)
{
	if (memchr(name, '\0', length))
		return -1;
	for (int i = 0; i < PAP_NPROMISES; i++) {
		if (compare(pap_promise_table[i].name, name, length) == 0)
			return i;
	}
	return -1;
}

static const char *constant_name(size_t index)
{
	return pap_constant_names + pap_constant_table[index].name;
}

bool pap_constant_find_arch(enum pap_arch arch, const char *name, size_t length, uint64_t *value)
{
	long found = search(constant_name, pap_constant_count, name, length);

	if (found < 0)
		return false;
	*value = pap_constant_table[found].value[arch];
	return true;
}

bool pap_constant_find(const char *name, size_t length, uint64_t *value)
{
	return pap_constant_find_arch(pap_arch_native(), name, length, value);
}

const char *pap_constant_name(enum pap_arch arch, const char *prefix, uint64_t value)
{
	size_t length = strlen(prefix);

	for (unsigned i = 0; i < pap_constant_count; i++) {
		const char *name = constant_name(i);

		if (pap_constant_table[i].value[arch] == value &&
		    strncmp(name, prefix, length) == 0)
			return name;
	}
	return NULL;
}
