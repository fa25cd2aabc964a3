#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes sure that the machine has what a job needs: setup.sh build|demo|check|bench.
# What is missing comes from the distribution by apt-get, as root or through sudo.
# Where neither is possible, prints what is missing and fails; it never goes on
# with less. Nothing is looked up on the network when nothing is missing.
set -u

job=${1:-build}

# need PACKAGE PROBE: the probe is a command name, or a header with its .h.
need() {
	case $2 in
	*.h)
		for dir in /usr/include /usr/local/include /usr/include/*-linux-gnu; do
			[ -e "$dir/$2" ] && return
		done
		;;
	*)
		command -v "$2" >/dev/null 2>&1 && return
		;;
	esac
	names="$names
  $2 (package $1)"
	case " $missing " in
	*" $1 "*) ;;
	*) missing="$missing $1" ;;
	esac
}

build_needs() {
	need gcc cc
	need libc6-dev stdio.h
	need linux-libc-dev linux/seccomp.h
	need python3 python3
	need meson meson
	need ninja-build ninja
	need pkg-config pkg-config
	need libjansson-dev jansson.h
	need musl-tools musl-gcc
}

demo_needs() {
	need tcpdump tcpdump
	need curl curl
	need util-linux setpriv
}

check_needs() {
	need libseccomp-dev seccomp.h
	need bats bats
	need mandoc mandoc
	need git git
	need xz-utils xz
	need gzip gzip
	need tar tar
	need findutils find
	need grep grep
	need procps ps
	need util-linux script
	need make make
	need g++ g++
	need perl perl
	need ruby ruby
	need nodejs node
	need default-jre-headless java
	need sqlite3 sqlite3
	need rsync rsync
	need imagemagick identify
	need vim vim
	need less less
	need fzf fzf
	need ripgrep rg
	need fd-find fdfind
	need hyperfine hyperfine
}

bench_needs() {
	need bubblewrap bwrap
	need firejail firejail
}

find_missing() {
	missing=
	names=
	build_needs
	case $job in
	build) ;;
	demo) demo_needs ;;
	check) demo_needs; check_needs ;;
	bench) demo_needs; check_needs; bench_needs ;;
	*) echo "usage: setup.sh build|demo|check|bench" >&2; exit 2 ;;
	esac
}

# Debian keeps some programs where ordinary users do not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
find_missing
[ -z "$missing" ] && exit 0

give_up() {
	echo "setup: $1; missing:$names" >&2
	echo "setup: on Debian or Ubuntu, as root: apt-get install$missing" >&2
	exit 1
}

command -v apt-get >/dev/null 2>&1 || give_up "there is no apt-get here"
if [ "$(id -u)" = 0 ]; then
	as_root=
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
	as_root=sudo
else
	give_up "packages can only be installed as root or with sudo"
fi

echo "setup: installing$missing"
log=$(mktemp) || exit 1
# shellcheck disable=SC2086 # a list of words on purpose
{
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update &&
		$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get -q -y --no-install-recommends install $missing
} >"$log" 2>&1 </dev/null || {
	tail -n 30 "$log" >&2
	rm -f "$log"
	give_up "apt-get failed"
}
rm -f "$log"

find_missing
[ -z "$missing" ] || give_up "apt-get was content, but something is still not there"
