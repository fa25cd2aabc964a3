# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the running kernel lacks, by the word of `paprika check --json`. Sourced in setup.
# $WAIVED is what a run has to waive here to start at all: nothing from Linux 6.12 on.

# lacking: the names of the shortfalls of this kernel, one a line.
lacking() {
	"$PAPRIKA" check --json | awk -F'"' '
		$2 == "available" { missing = /false/ }
		$2 == "waive" && missing && $4 != "" { print $4 }'
}

# is_lacking NAME...: this kernel cannot enforce one of them.
is_lacking() {
	local name
	for name in "$@"; do
		grep -qxF -- "$name" <<<"$LACKING" && return
	done
	return 1
}

# Without Landlock every policy is refused: that is shown, and nothing else can be.
refuse_everything() {
	local said status=0
	said=$("$PAPRIKA" run --rx /usr -- true 2>&1) || status=$?
	[ "$status" -eq 125 ] && [[ $said == *"this kernel cannot enforce: files "* ]] || return 1
	skip "refused: this kernel cannot enforce files"
}

LACKING=$(lacking)
WAIVED=
for name in signals tcp-ports; do
	if is_lacking "$name"; then
		WAIVED="$WAIVED --waive $name"
	fi
done
export WAIVED
if is_lacking files; then
	refuse_everything
fi
