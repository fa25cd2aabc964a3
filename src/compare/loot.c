/* SPDX-License-Identifier: BSD-2-Clause */
/* What attacks share. Nothing here needs a call of its own but read: little is allowed. */
#include <errno.h>
#include <unistd.h>

#include "compare/attack.h"

const struct pap_attack_class pap_attack_classes[] = {
    {"paths", "reading what lies outside, by name", pap_attacks_paths},
    {"changes", "changing what lies outside, by name", pap_attacks_changes},
    {"metadata", "mode, owner, times and attributes", pap_attacks_metadata},
    {"rights", "more with a descriptor than it is held for", pap_attacks_rights},
    {"passing", "descriptors that others handed over, or forgot", pap_attacks_passing},
    {"network", "addresses and ports", pap_attacks_network},
    {"local", "Unix sockets and System V's names", pap_attacks_local},
    {"signals", "signals to processes outside, and their disguises", pap_attacks_signals},
    {"processes", "memory, descriptors, limits of processes outside", pap_attacks_processes},
    {"execution", "other programs, and new code", pap_attacks_execution},
    {"kernel", "the kernel's own surface", pap_attacks_kernel},
    {"entries", "other ways into the kernel", pap_attacks_entries},
    {"terminal", "a terminal that is shared with others", pap_attacks_terminal},
    {NULL, NULL, NULL},
};

int pap_loot_bytes(const struct pap_scene *scene, const void *bytes, size_t length)
{
	volatile char *loot = scene->page->loot;

	for (size_t i = 0; i < length && i < sizeof(scene->page->loot); i++)
		loot[i] = ((const char *)bytes)[i];
	return length ? 0 : -1;
}

int pap_loot_descriptor(const struct pap_scene *scene, int fd)
{
	char buf[sizeof(scene->page->loot)];
	ssize_t got = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	return got <= 0 ? -1 : pap_loot_bytes(scene, buf, (size_t)got);
}

int pap_attack_broken(const struct pap_scene *scene, const char *why)
{
	struct pap_page *page = scene->page;

	for (size_t i = 0; why[i] && i + 1 < sizeof(page->problem); i++)
		page->problem[i] = why[i];
	page->said = PAP_SAID_BROKEN;
	return -1;
}
