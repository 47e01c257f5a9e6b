#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs all sweeps of this folder over the link engine and prints doc/validation.md: validate.sh DATABASE [OPTION_OF_SWEEP...]
# What the database holds already is not run again.

cd "$(dirname "$0")/../.." || exit 1
[ $# -ge 1 ] || { echo "usage: validate.sh DATABASE [OPTION_OF_SWEEP...]" >&2; exit 2; }
db=$1
shift
for sweep in experiments/fairness/*-sweep.yaml; do
    build/mptcp-lab sweep "$sweep" --db "$db" "$@" >&2 || exit
done
build/mptcp-validate "$db"
