#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# localize.sh ARCHIVE MAP OUTPUT: one archive with one object in which only the
# symbols that the version script MAP exports are global.
set -eu
archive=$1 map=$2 output=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -n '/^global:/,/^local:/s/^[[:space:]]*\([A-Za-z_][A-Za-z0-9_]*\);.*/\1/p' "$map" >"$work/keep"
[ -s "$work/keep" ] || { echo "localize.sh: $map exports nothing" >&2; exit 1; }
"${LD:-ld}" -r -o "$work/whole.o" --whole-archive "$archive"
"${OBJCOPY:-objcopy}" --keep-global-symbols="$work/keep" "$work/whole.o"
rm -f "$output"
"${AR:-ar}" rcsD "$output" "$work/whole.o"
