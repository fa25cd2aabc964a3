/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a program that passes rights which cannot be any. */
#ifndef PAP_CAPSICUM_MALFORMED_H
#define PAP_CAPSICUM_MALFORMED_H

/*
 * A line on standard error with the function that was called and what is wrong, then
 * abort(3). FreeBSD's functions do the same; they have no way to return an error.
 */
void pap_rights_malformed(const char *function, const char *what) __attribute__((noreturn, cold));

#endif
