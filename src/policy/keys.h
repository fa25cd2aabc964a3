/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sections and keys of the text form, in one table: the parser, its messages
 * and the printer read it, and a test compares it with the manual.
 */
#ifndef PAP_POLICY_KEYS_H
#define PAP_POLICY_KEYS_H

#include "policy/lexer.h"

struct pap_parser;

enum pap_shape {
	PAP_SHAPE_PATH,  /* one path; relative ones belong to the file's directory */
	PAP_SHAPE_WORDS, /* one or more words, each handed over by itself */
	PAP_SHAPE_WORD,  /* exactly one */
	PAP_SHAPE_SET,   /* NAME=VALUE */
};

struct pap_policy_key {
	const char *name;
	enum pap_shape shape;
	int (*apply)(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		     struct pap_origin origin, struct pap_error *err);
	unsigned detail;
};

#define PAP_KEY_TRY 0x100u /* with an access in detail: the -try form */

struct pap_policy_section {
	const char *name;
	const struct pap_policy_key *keys; /* ends with a NULL name */
};

extern const struct pap_policy_section pap_policy_sections[]; /* ends with a NULL name */

/* NULL: unknown; *err says which are known and which is near. */
const struct pap_policy_section *pap_section_find(const struct pap_entry *entry,
						  struct pap_error *err);
const struct pap_policy_key *pap_key_find(const struct pap_policy_section *section,
					  const struct pap_entry *entry, struct pap_error *err);

/* ---- what the handlers work on (policy/parse.c) ------------------------------------------------
 */

#define PAP_POLICY_DEPTH_MAX 8    /* files that include one another */
#define PAP_POLICY_FILES_MAX 256u /* files in all */

struct pap_frame { /* a file that is being read */
	const char *path;
	const struct pap_frame *includer;
};

struct pap_parser {
	struct pap_policy *policy;
	const struct pap_parse_env *env;
	const struct pap_frame *frame;
	unsigned files;
	struct {
		bool given, wanted;
		struct pap_origin origin;
	} walls[3]; /* what "yes" or "no" was said before */
};

/* Reads `path`, as seen from the present file. */
int pap_parse_include(struct pap_parser *parser, const char *path, struct pap_origin origin,
		      struct pap_error *err);

#endif
