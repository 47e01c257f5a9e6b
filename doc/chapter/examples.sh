#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# examples.sh: prints the examples as reStructuredText: the comment at the head of each, and its picture where there is one.

cd "$(dirname "$0")/../.." || exit 1
for example in examples/*.cc; do
    name=$(basename "$example" .cc)
    printf '%s\n%s\n\n' "$name" "$(printf %s "$name" | tr 'a-z0-9-' '~')"
    sed -n '/^ \* @file/,/^ \*\//p' "$example" | sed -e '1d;$d' -e 's/^ \* \{0,1\}//' |
        awk '/^    / && !code { print "::\n"; code = 1 } !/^    / && !/^$/ { code = 0 } { print }'
    if [ -f "doc/figures/$name.png" ]; then
        printf '\n.. image:: figures/%s.png\n' "$name"
    fi
    echo
done
