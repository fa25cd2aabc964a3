/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A model is a way in which a program confines itself, or is confined, before it does the
 * job. One file a model (model_*.c); another model is another file and another line in
 * models.c.
 */
#ifndef PAP_COMPARE_MODEL_H
#define PAP_COMPARE_MODEL_H

#include "compare/attack.h"
#include "compile/filter.h"

struct pap_model {
	const char *name;  /* for --model, JSON */
	const char *title; /* at most 24 characters */
	const char *about; /* what it is, what it is good at, what it cannot say */
	unsigned speaks_of; /* enum pap_aspect: what it has words for while the job still works */
	unsigned lines;	   /* that the program needs for it; 0: somebody else applies it */
	/*
	 * Confines the calling process, which is inside the scene. May return in a child of
	 * the caller's, when only that can be confined; the caller then waits within.
	 */
	int (*enter)(const struct pap_scene *scene, struct pap_error *err);
};

extern const struct pap_model *const pap_models[]; /* ends with NULL; the first is "nothing" */

/* The lines between these two are what a program needs. */
#define PAP_LINES_BEGIN(id) enum { id##_begin = __LINE__ }
#define PAP_LINES_END(id) enum { id##_end = __LINE__ }
#define PAP_LINES(id) (id##_end - id##_begin - 1)

/* One rule of a filter that is written down as data. */
struct pap_listed {
	unsigned call; /* PAP_SYS_* */
	const struct pap_cond *cond;
};

/* What is listed gets `listed`, other known calls `otherwise`, numbers nobody knows ENOSYS. */
int pap_model_filter(const struct pap_listed *list, size_t count, uint32_t listed,
		     uint32_t otherwise, uint32_t foreign, struct pap_error *err);

enum { PAP_LINES_OF_LIST = 18 }; /* held against model_list.c when that is compiled */

/* The two steps that "seccomp + Landlock" consists of. */
int pap_model_allow_list(struct pap_error *err);
int pap_model_landlock(const struct pap_scene *scene, struct pap_error *err);

#endif
