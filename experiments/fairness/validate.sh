#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs all sweeps of this folder and draws doc/validation.md and its figures from the database: validate.sh DATABASE [OPTION_OF_SWEEP...]
# What the database holds already is not run again. FOLDER=doc, where page and figures go; SWEEPS='shared-4 olia-b': of these only.

cd "$(dirname "$0")/../.." || exit 1
[ $# -ge 1 ] || { echo "usage: validate.sh DATABASE [OPTION_OF_SWEEP...]" >&2; exit 2; }
db=$1 folder=${FOLDER:-doc} build=${BUILD:-build}
shift
drawn=$(mktemp -d)
trap 'rm -rf "$drawn"' EXIT
for sweep in experiments/fairness/*-sweep.yaml; do
    name=${sweep##*/}
    [ -z "${SWEEPS:-}" ] || [[ " $SWEEPS " == *" ${name%-sweep.yaml} "* ]] || continue
    # Where ns-3 was not there to build with, both engines cannot be compared: told, for the page lacks it.
    [ "$name" != engines-sweep.yaml ] || [ -x "$build/mptcp-run-ns3" ] || { echo "validate.sh: no ns-3 in this build: both engines are not compared" >&2; continue; }
    "$build/mptcp-lab" sweep "$sweep" --db "$db" "$@" >&2 || exit
done
mkdir -p "$folder/figures"
"$build/mptcp-validate" "$db" --figures "$drawn" >&2 || exit
"$build/mptcp-validate" "$db" --targets experiments/fairness/targets.csv > "$drawn/page" || exit
for figure in experiments/fairness/figures/*.yaml; do
    campaign=$(sed -n 's/^campaign: //p' "$figure")
    "$build/mptcp-lab" status --db "$db" | grep -q "^$campaign:" || continue
    "$build/mptcp-figures" "$figure" --db "$db" --out "$drawn" >&2 || exit
done
mv "$drawn/page" "$folder/validation.md"
cp "$drawn"/*.png "$folder/figures/"
