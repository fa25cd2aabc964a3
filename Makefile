# SPDX-License-Identifier: BSD-2-Clause
# Thin wrappers for fingers that type make; meson.build is the build.
PREFIX = /usr/local
DESTDIR =

all:
	@sh tools/setup.sh build
	@test -e build/build.ninja || meson setup build
	@ninja -C build

check:
	@./check

demo:
	@./demo

bench: all
	@sh tools/setup.sh bench
	@python3 bench/run.py

# Debian's kernels from 5.10 to 7.3, in an emulated machine; an hour or two.
kernels:
	@sh tools/setup.sh kernels
	@test -e build/build.ninja || meson setup build -Dtests=enabled
	@ninja -C build
	@python3 tools/kernels/run.py --document docs/kernels.md

# A build directory of its own: the prefix is part of what is configured.
install:
	@sh tools/setup.sh build
	@prefix=$$(realpath -m -- "$(PREFIX)") && \
		{ meson setup --reconfigure --prefix "$$prefix" build-install >/dev/null 2>&1 || \
		meson setup --prefix "$$prefix" build-install; }
	@ninja -C build-install
	@DESTDIR="$(DESTDIR)" meson install --no-rebuild -C build-install

clean:
	rm -rf build build-install build-sanitized borrowed

.PHONY: all check demo bench kernels install clean
