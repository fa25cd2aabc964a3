#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes sure that the machine has what a job needs: setup.sh build|demo|check|bench|kernels.
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
	need redis-tools redis-cli
	need openssl openssl
	need openssh-client sftp
	need dpkg-dev dpkg-source
	need zlib1g-dev zlib.h
}

bench_needs() {
	need bubblewrap bwrap
	need firejail firejail
}

kernels_needs() {
	need qemu-system-x86 qemu-system-x86_64
}

# borrow COMMAND PACKAGE...: a server that tests start themselves. It is unpacked in
# borrowed/ and not installed: an installed one would be started, now and at every boot.
borrow() {
	borrowed=$(cd "$(dirname "$0")/.." && pwd)/borrowed
	command -v "$1" >/dev/null 2>&1 && return
	[ -x "$borrowed/usr/sbin/$1" ] && return
	echo "setup: unpacking $1 in borrowed/"
	command=$1
	shift
	rm -rf "$borrowed/packages"
	mkdir -p "$borrowed/packages"
	fetch "$@" || {
		tail -n 30 "$borrowed/log" >&2
		missing=" $*" names="
  $command (package $1)"
		give_up "$command could not be fetched"
	}
	for package in "$borrowed"/packages/*.deb; do
		dpkg-deb -x "$package" "$borrowed" || exit 1
	done
	rm -rf "$borrowed/packages" "$borrowed/log"
}

# Lists of packages that are missing or too old need a look at the network, by root.
fetch() (
	cd "$borrowed/packages" || exit 1
	apt-get -q download "$@" >../log 2>&1 </dev/null && exit
	find_root && $as_root apt-get -q update >>../log 2>&1 </dev/null &&
		apt-get -q download "$@" >>../log 2>&1 </dev/null
)

borrow_servers() {
	case $job in
	check | bench | kernels) ;;
	*) return 0 ;;
	esac
	borrow nginx nginx
	borrow sshd openssh-server libwrap0
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
	kernels) demo_needs; check_needs; kernels_needs ;;
	*) echo "usage: setup.sh build|demo|check|bench|kernels" >&2; exit 2 ;;
	esac
}

# Debian keeps some programs where ordinary users do not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
find_missing

give_up() {
	echo "setup: $1; missing:$names" >&2
	echo "setup: on Debian or Ubuntu, as root: apt-get install$missing" >&2
	exit 1
}

find_root() {
	as_root=
	[ "$(id -u)" = 0 ] && return
	as_root=sudo
	command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

if [ -z "$missing" ]; then
	borrow_servers
	exit 0
fi

command -v apt-get >/dev/null 2>&1 || give_up "there is no apt-get here"
find_root || give_up "packages can only be installed as root or with sudo"

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
borrow_servers
