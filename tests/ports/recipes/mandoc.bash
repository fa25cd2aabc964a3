# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154
# Its tests link libc alone: what is elsewhere is said in configure.local. Dynamic, so
# that the library can be exchanged.
package=mandoc
library=pledge
point=mdoc_validate
program=mandoc
wants=("HAVE_PLEDGE=1 (manual)")

port_configure() {
	printf '%s\n' "CFLAGS='-O1 $flags_compile'" "LDADD='$flags_library'" HAVE_PLEDGE=1 \
		"STATIC=' '" >configure.local &&
		./configure
}

port_build() {
	make -j2 mandoc LDFLAGS="$flags_link"
}
