#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build.sh BUILD_DIR: builds the model chapter as HTML in BUILD_DIR/chapter/html, with its tables from BUILD_DIR/mptcp-describe.
# A warning of Sphinx is an error, and so is an Attribute or trace source that the tables leave out.

build=${1:?usage: build.sh BUILD_DIR}
cd "$(dirname "$0")/../.." || exit 1
command -v sphinx-build >/dev/null || { echo "sphinx-build is not installed (Debian: python3-sphinx)"; exit 77; }
source=$build/chapter/source
rm -rf "$build/chapter" && mkdir -p "$source" && cp doc/mptcp.rst doc/chapter/conf.py doc/chapter/chapter.css "$source/" &&
    cp -r doc/figures "$source/figures" && "$build/mptcp-describe" "$source" && doc/chapter/examples.sh >"$source/examples.inc" &&
    sphinx-build -q -W --keep-going -b html "$source" "$build/chapter/html" || exit 1
for word in SendBuffer RestrictToNetDevices SubflowEstablished MPJoinSynRx OTHER_LINK; do
    grep -q "$word" "$build/chapter/html/mptcp.html" || { echo "the chapter does not mention $word"; exit 1; }
done
for example in examples/*.cc; do
    name=$(basename "$example" .cc)
    grep -q "$name" "$build/chapter/html/mptcp.html" || { echo "the chapter does not mention $name"; exit 1; }
    [ -f "doc/figures/$name.png" ] && grep -q "^    $name)" doc/chapter/pictures.sh || { echo "$name has no picture (doc/chapter/pictures.sh)"; exit 1; }
done
command -v gnuplot >/dev/null || exit 0
FIGURES=$build/chapter doc/chapter/pictures.sh "$build" mptcp-two-paths && [ -s "$build/chapter/mptcp-two-paths.png" ]
