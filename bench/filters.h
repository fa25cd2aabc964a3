/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filters that are held against each other: ours, and libseccomp's for the
 * same rules in both of its layouts.
 */
#ifndef PAP_BENCH_FILTERS_H
#define PAP_BENCH_FILTERS_H

#include "compile/filter.h"

enum layout { LAYOUT_LINEAR = 1, LAYOUT_TREE = 2 };

/* Each ends the program when the kernel or a library refuses. */
void install_program(const struct pap_bpf_insn *insns, uint16_t length);
void install_empty(void);
void install_ours(const struct pap_filter_spec *spec);
/* Builds and loads; returns the number of rules. */
unsigned install_libseccomp(const struct pap_filter_spec *spec, enum layout layout);

/* What `paprika run` allows when nobody names a promise. */
struct pap_filter_spec *default_spec(void);

/* Sixty calls of an ordinary network client, some with conditions on arguments. */
struct pap_filter_spec *sixty_calls(void);

#endif
