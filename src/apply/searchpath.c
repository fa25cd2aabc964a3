/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A loader was compiled with its idea of $LIB and $PLATFORM, and picks among
 * builds for better processors by looking at the machine. Neither can be seen
 * from outside for certain, so every meaning that is in use is looked for, and
 * more than one may be found in the same directory.
 */
#include "apply/searchpath.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct machine {
	const char *lib[4];      /* $LIB: Debian's, Red Hat's, the rest's */
	const char *platform[4]; /* $PLATFORM */
	const char *levels[4];   /* below glibc-hwcaps */
	const char *directories;
};

static const struct machine machines[PAP_ARCH_COUNT] = {
    [PAP_ARCH_X86_64] =
	{
	    {"lib/x86_64-linux-gnu", "lib64", "lib"},
	    {"x86_64", "haswell", "xeon_phi"},
	    {"x86-64-v4", "x86-64-v3", "x86-64-v2"},
	    "/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib64:/usr/lib64:/lib:/usr/lib",
	},
    [PAP_ARCH_AARCH64] =
	{
	    {"lib/aarch64-linux-gnu", "lib64", "lib"},
	    {"aarch64"},
	    {NULL},
	    "/lib/aarch64-linux-gnu:/usr/lib/aarch64-linux-gnu:/lib64:/usr/lib64:/lib:/usr/lib",
	},
};

struct buffer {
	char text[PATH_MAX];
	size_t length;
	bool full;
};

static void append(struct buffer *b, const char *text, size_t length)
{
	if (length >= sizeof(b->text) - b->length) {
		b->full = true;
		return;
	}
	memcpy(b->text + b->length, text, length);
	b->length += length;
	b->text[b->length] = '\0';
}

/* The length of $word or ${word} at text, 0 when it is something else. */
static size_t token(const char *text, const char *end, const char *word)
{
	size_t n = strlen(word), rest = (size_t)(end - text);

	if (rest > n + 2 && text[1] == '{' && !strncmp(text + 2, word, n) && text[n + 2] == '}')
		return n + 3;
	if (rest > n && !strncmp(text + 1, word, n) &&
	    (rest == n + 1 ||
	     !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", text[n + 1])))
		return n + 1;
	return 0;
}

struct meaning {
	const char *lib, *platform;
	bool uses_lib, uses_platform;
};

static void expand(const struct pap_search *search, struct meaning *m, const char *text,
		   const char *end, struct buffer *out)
{
	while (text < end) {
		size_t n;

		if (*text != '$') {
			append(out, text++, 1);
		} else if ((n = token(text, end, "ORIGIN"))) {
			append(out, search->origin, strlen(search->origin));
			text += n;
		} else if (!search->musl && (n = token(text, end, "LIB"))) {
			append(out, m->lib, strlen(m->lib));
			m->uses_lib = true;
			text += n;
		} else if (!search->musl && (n = token(text, end, "PLATFORM"))) {
			append(out, m->platform, strlen(m->platform));
			m->uses_platform = true;
			text += n;
		} else {
			append(out, text++, 1);
		}
	}
}

static int look(const struct pap_search *search, const struct buffer *b)
{
	return b->full ? 0 : search->look(search->context, b->text);
}

/* directory/name, and the builds of it for better processors beside it. */
static int look_in(const struct pap_search *search, struct buffer *directory, const char *name)
{
	const struct machine *machine = &machines[search->arch];
	struct buffer b = *directory;
	int found = 0, n;

	append(&b, "/glibc-hwcaps", strlen("/glibc-hwcaps"));
	if (!search->musl && machine->levels[0] && !b.full && !access(b.text, F_OK)) {
		for (size_t i = 0; machine->levels[i]; i++) {
			struct buffer level = b;

			append(&level, "/", 1);
			append(&level, machine->levels[i], strlen(machine->levels[i]));
			append(&level, "/", 1);
			append(&level, name, strlen(name));
			if ((n = look(search, &level)) < 0)
				return n;
			found |= n;
		}
	}
	append(directory, "/", 1);
	append(directory, name, strlen(name));
	n = look(search, directory);
	return n < 0 ? n : found | n;
}

/* One element of a list (or a whole path when name is NULL) in each of its meanings. */
static int each_meaning(const struct pap_search *search, const char *text, const char *end,
			const char *name)
{
	const struct machine *machine = &machines[search->arch];
	struct meaning m = {0};
	int found = 0, n;

	for (size_t i = 0; machine->lib[i] && (!i || m.uses_lib); i++) {
		for (size_t j = 0; machine->platform[j] && (!j || m.uses_platform); j++) {
			struct buffer b = {.length = 0};

			m.lib = machine->lib[i];
			m.platform = machine->platform[j];
			expand(search, &m, text, end, &b);
			if (!b.length)
				append(&b, ".", 1); /* an empty element: the working directory */
			n = name ? look_in(search, &b, name) : look(search, &b);
			if (n < 0)
				return n;
			found |= n;
		}
	}
	return found;
}

int pap_search_list(const struct pap_search *search, const char *list, const char *separators,
		    const char *name)
{
	int found = 0;

	for (;;) {
		size_t n = strcspn(list, separators);

		found = each_meaning(search, list, list + n, name);
		if (found || !list[n])
			return found;
		list += n + 1;
	}
}

int pap_search_path(const struct pap_search *search, const char *path)
{
	return each_meaning(search, path, path + strlen(path), NULL);
}

int pap_search_default(const struct pap_search *search, const char *name)
{
	return pap_search_list(search, machines[search->arch].directories, ":", name);
}
