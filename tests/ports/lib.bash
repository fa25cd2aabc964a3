# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2154,SC2034
# Other people's programs, from the source packages of the distribution that this
# machine runs, built unchanged against our *installed* libraries, and put to work.
#
# A port is two files:
#
#	recipes/NAME.bash	how it is built, with these names:
#	    package		the source package
#	    library		what pkg-config calls the library of ours: pledge, capsicum
#	    point		a function of the program, called while it works on what it
#				was given and after it confined itself: plant.c goes before it
#	    wants		words that must stand in what configuring and building said
#	    port_configure	in a fresh copy of the source, with what pkg-config says:
#				$flags_compile and $flags_library
#	    port_build		only what is needed, by `make -j2`; the program's link gets
#				$flags_link, too, which plants (and only there: what
#				configure tries out has no such function)
#	    program		the built program, from the top of the source
#	NAME.bats		`port NAME` in setup, then what the program does
#
# port NAME does, each step once and for all tests until something it depends on changes:
#
#	fetch		apt-get source, whose signatures apt verifies, with a configuration
#			of its own made from the machine's; the cache is
#			${XDG_CACHE_HOME:-~/.cache}/paprika/sources
#	unpack		dpkg-source -x, which compares checksums and applies the
#			distribution's patches, as its own build does; nothing else changes
#	install		`make install PREFIX=...` of this tree, then pkg-config
#	configure, build, plant: the program links plant.o; see there
#
# What is made stands in ports/ of the build directory, and stays for the next run.
# After `port NAME`, in a fresh directory $work: $port is the built source, and
#
#	confined COMMAND...	runs with our library
#	free COMMAND...		the same program, with a library whose functions succeed and
#				do nothing: the control
#	plant ACT COMMAND...	runs COMMAND while ACT is planted, and says what came of it
#	refused ACT COMMAND...	ACT succeeds in the free program, not in the confined one

ports=$PAPRIKA_BUILD/ports

fail() {
	echo "$*" >&2
	return 1
}

# quietly LOG COMMAND...: its words are only of interest when it fails.
quietly() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 </dev/null || { tail -n 40 "$log" >&2; fail "failed: $*"; }
}

# once STAMP KEY COMMAND...: not again while the key is the same. The key is made of
# contents, never of places or times: a copied tree is as good as the first.
once() {
	local stamp=$1 key=$2
	shift 2
	[ -e "$stamp" ] && [ "$(cat "$stamp")" = "$key" ] && return
	rm -f "$stamp"
	"$@" && echo "$key" >"$stamp"
}

# ---- fetch ---------------------------------------------------------------------------------

# The machine's own sources of packages, as sources of source packages.
source_lists() {
	local file to=$1
	mkdir -p "$to"
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -e "$file" ] && sed -nE 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file" \
			>>"$to/machine.list"
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -e "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$to/${file##*/}"
	done
	return 0
}

download() {
	local package=$1 to=$2 own
	own=$(mktemp -d "${TMPDIR:-/tmp}/paprika-apt-XXXXXX") || return 1
	chmod 755 "$own"
	mkdir -p "$own/state/lists/partial" "$own/cache/archives/partial" "$own/source"
	source_lists "$own/lists"
	cat >"$own/apt.conf" <<-END
		Dir::Etc::SourceList "/dev/null";
		Dir::Etc::SourceParts "$own/lists";
		Dir::State "$own/state";
		Dir::State::Status "/var/lib/dpkg/status";
		Dir::Cache "$own/cache";
		Acquire::Retries "3";
	END
	(
		export APT_CONFIG=$own/apt.conf
		cd "$own/source" || exit 1
		quietly ../update.log apt-get -q update &&
			quietly ../source.log apt-get -q source --download-only "$package" &&
			sha256sum -- * >SHA256 && rm -rf "$to" && mkdir -p "$to" && cp -- * "$to"
	)
	local status=$?
	rm -rf "$own"
	return $status
}

fetched() {
	[ -e "$1/SHA256" ] && (cd "$1" && sha256sum --quiet -c SHA256)
}

fetch() {
	# shellcheck source=/dev/null
	sources=$(. /etc/os-release && echo "${XDG_CACHE_HOME:-$HOME/.cache}/paprika/sources/$ID-$VERSION_ID")
	sources=$sources/$package
	fetched "$sources" || download "$package" "$sources" ||
		fail "the source of $package cannot be fetched"
}

# ---- build ---------------------------------------------------------------------------------

# Where this tree is installed, and beside it each library that has a without_NAME.c:
# the same symbols, and functions that do nothing.
install_library() {
	local source of
	quietly "$ports/install.log" make -C "$PAPRIKA_SOURCE" install PREFIX="$ports/installed" &&
		mkdir -p "$ports/without" || return 1
	for source in "$PAPRIKA_SOURCE"/tests/ports/without_*.c; do
		of=$(basename "$source" .c)
		of=lib${of#without_}
		cc -D_GNU_SOURCE -shared -fPIC -I"$PAPRIKA_SOURCE/include/freebsd" -Wl,--version-script="$PAPRIKA_SOURCE/lib/$of.map" \
			-Wl,-soname="$of.so.0" -o "$ports/without/$of.so.0" "$source" || return 1
	done
}

library_key() {
	(cd "$PAPRIKA_SOURCE" && find src include lib tests/ports/without_*.c meson.build -type f -print0 |
		sort -z | xargs -0 sha256sum | sha256sum)
}

build() {
	local log=$ports/$name.log own=$ports/installed
	PKG_CONFIG_PATH=$(dirname "$(find "$own" -name "$library.pc")")
	export PKG_CONFIG_PATH
	flags_compile=$(pkg-config --cflags "$library")
	flags_library=$(pkg-config --libs "$library")
	flags_link="$ports/$name.o -Wl,--wrap=$point"
	rm -rf "$port" && cc -O2 -c -DPOINT="$point" -o "$ports/$name.o" \
		"$PAPRIKA_SOURCE/tests/ports/plant.c" || return 1
	fetch && quietly "$log" dpkg-source -x "$sources"/*.dsc "$port" || return 1
	cd "$port" && quietly "$log" port_configure && quietly "$log.build" port_build || return 1
	cat "$log.build" >>"$log"
	cd "$port" || return 1
	for word in "${wants[@]}"; do
		grep -qF -- "$word" "$log" || fail "$name: configure did not say: $word" || return 1
	done
	ldd "$program" | grep -q "lib$library.so" || fail "$name does not use lib$library"
}

port() {
	name=$1
	here=$PAPRIKA_SOURCE/tests/ports
	port=$ports/$name
	unset CFLAGS CPPFLAGS LDFLAGS LIBS PLANT LD_LIBRARY_PATH LD_PRELOAD
	export LC_ALL=C TZ=UTC
	mkdir -p "$ports"
	# shellcheck source=/dev/null
	. "$here/recipes/$name.bash"
	{
		flock 8
		once "$ports/installed.done" "$(library_key)" install_library || return 1
		once "$ports/$name.done" "$(cat "$here/lib.bash" "$here/plant.c" \
			"$here/recipes/$name.bash" /etc/os-release | sha256sum)" build || return 1
	} 8>"$ports/lock"
	program=$port/$program
	libraries=$(dirname "$(find "$ports/installed" -name "lib$library.so.0")")
	work=$(mktemp -d "${BATS_TMPDIR:-/tmp}/paprika-ports-XXXXXX")
	cd "$work" || return 1
	export HOME=$work
	echo "nobody inside may read this" >secret
}

leave_port() {
	cd / && rm -rf "$work"
}

# ---- run -----------------------------------------------------------------------------------

confined() {
	LD_LIBRARY_PATH=$libraries "$@"
}

free() {
	LD_LIBRARY_PATH=$ports/without "$@"
}

# plant ACT COMMAND...: "done", the errno it was refused with, "died" with the
# program, or "not reached". See plant.c for what ACT can be.
plant() {
	local act=$1 status=0
	shift
	printf '%-63s\n%-63s\n' "$act" "not reached" >planted
	rm -f made
	PLANT=$work/planted "$@" >planted.out 2>planted.err || status=$?
	fate=$(sed -n '2s/ *$//p' planted)
	[ "$fate" != reached ] || fate="died $status"
}

refused() {
	local act=$1
	shift
	plant "$act" free "$@"
	[ "$fate" = "done" ] || fail "control: $act is \"$fate\" in the free program: $(cat planted.err)" ||
		return 1
	plant "$act" confined "$@"
	case $fate in
	"died 134") grep -q 'pledge "' planted.err || [ "$library" != pledge ] ||
		fail "no word about $act: $(cat planted.err)" ;;
	"errno "*) ;;
	*) fail "$act is \"$fate\" in the confined program: $(cat planted.err)" ;;
	esac
	[ ! -e made ] || fail "$act left a file behind"
}
