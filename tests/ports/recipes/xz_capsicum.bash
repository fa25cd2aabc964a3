# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154
package=xz-utils
library=capsicum
point=lzma_code
program=src/xz/xz
wants=("cap_rights_limit")

port_configure() {
	./configure --enable-sandbox=capsicum --disable-shared --disable-nls --disable-doc \
		--disable-xzdec --disable-lzmadec --disable-lzmainfo \
		CFLAGS="-O1 $flags_compile" LIBS="$flags_library"
}

port_build() {
	make -j2 -C src/liblzma && make -j2 -C src/xz LDFLAGS="$flags_link"
}
