# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154
# PLEDGE names the source file that stands in for pledge(2); here the library does.
package=signify-openbsd
library=pledge
point=crypto_sign_ed25519_open
program=signify
wants=()

port_configure() {
	:
}

port_build() {
	make -j2 signify PLEDGE= BUNDLED_LIBBSD=1 EXTRA_CFLAGS="-O1 $flags_compile" \
		EXTRA_LDFLAGS="$flags_link" LDLIBS="$flags_library"
}
