#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the tests of the table below, as many at once as there are processors, after a build: run_tests.py [WORD]

WORD selects the tests whose name contains it. A test is a command, run in the top folder; exit status 0 is passed, 77
is skipped, anything else failed. What mostly waits runs one by one beside the others (against the kernel both hosts have real-time
priority, and tell when they were late all the same); what needs the machine for itself runs alone at the end. A program that says
itself how many cases it ran (cmocka's summary, ns-3's test runner, or a last line `N passed, N failed`) counts as that
many, any other as one. Output is shown of failed tests only.
"""

import glob
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

TIMEOUT_S = 900
SKIPPED = 77


def names(pattern):
    """The names of the source files that match, without suffix."""
    return sorted(os.path.splitext(os.path.basename(source))[0] for source in glob.glob(pattern))


def unit_tests(kind, build):
    """Every program of test/unit, as a test of its own."""
    return [('%s %s' % (kind, name[len('test_'):]), '%s/test/unit/%s' % (build, name)) for name in names('test/unit/test_*.c')]


def tests():
    """All tests, as (name, shell command); short ones first."""
    return [
        ('border', 'test/border.sh'),
        ('format', 'test/format.sh'),
        ('border notices violations', 'test/border.sh --self-test'),
        ('licences', 'test/licence.sh build'),
        ('licences notice violations', 'test/licence.sh --self-test'),
        ('tables of requirements', 'test/doc_tables.sh'),
        ('tables of requirements notice wrong names', 'test/doc_tables.sh --self-test'),
        *unit_tests('unit', 'build'),
        *unit_tests('sanitized unit', 'build/sanitize'),
        ('TCP without MPTCP', 'build/test/tcp/test_tcp'),
        ('sanitized TCP without MPTCP', 'build/sanitize/test/tcp/test_tcp'),
        ('sweep runner', 'test/lab/test_lab.sh build'),
        ('sanitized sweep runner', 'test/lab/test_lab.sh build/sanitize'),
        ('sweeps on a cluster', 'test/lab/test_slurm.sh build'),
        ('statistics', 'build/test/analysis/test_stats'),
        ('sanitized statistics', 'build/sanitize/test/analysis/test_stats'),
        ('oracles', 'build/test/analysis/test_oracle'),
        ('fairness beside its predictions', 'test/analysis/test_validate.sh build'),
        ('goals of RFC 6356', 'test/analysis/test_goals.sh build'),
        ('oracle of a scenario', 'test/analysis/test_oracle.sh build'),
        ('sanitized oracle of a scenario', 'test/analysis/test_oracle.sh build/sanitize'),
        ('law of random loss', 'build/test/analysis/model_reno analysis'),
        ('figures', 'test/analysis/test_figures.sh build'),
        ('sanitized figures', 'test/analysis/test_figures.sh build/sanitize'),
        ('page of a database', 'test/analysis/test_page.sh build'),
        ('questions to figures', 'test/analysis/test_questions.sh build'),
        ('wrong scenarios', 'test/experiments/bad_input.sh'),
        ('sanitized wrong scenarios', 'test/experiments/bad_input.sh build/sanitize/mptcp-run'),
        ('link engine', 'build/test/link/test_link'),
        ('sanitized link engine', 'build/sanitize/test/link/test_link'),
        ('what runs are measured by', 'build/test/link/test_measure'),
        ('sanitized what runs are measured by', 'build/sanitize/test/link/test_measure'),
        ('numbers as printf writes them', 'build/test/link/test_number'),
        ('sanitized numbers as printf writes them', 'build/sanitize/test/link/test_number'),
        ('optimised by a profile', 'test/experiments/test_profile.sh'),
        ('both engines alike', 'test/experiments/test_engines.sh'),
        ('sanitized both engines alike', 'test/experiments/test_engines.sh build/sanitize/mptcp-run 3 . "$(seq 10)"'),
        ('traces', 'test/experiments/test_traces.sh'),
        ('unusual flows', 'test/experiments/test_flows.sh'),
        ('runs that are served', 'test/experiments/test_served.sh'),
        ('sanitized unusual flows', 'test/experiments/test_flows.sh build/sanitize/mptcp-run'),
        ("policies of one's own", 'test/experiments/test_policies.sh'),
        ("sanitized policies of one's own", 'test/experiments/test_policies.sh build/sanitize/mptcp-run'),
        ('boxes on paths', 'test/experiments/test_boxes.sh'),
        ('sanitized boxes on paths', 'test/experiments/test_boxes.sh build/sanitize/mptcp-run'),
        ('ns-3', 'test/ns3/run_suites.sh build'),
        ('sanitized ns-3', 'test/ns3/run_suites.sh build/sanitize'),
        ('module in a tree of ns-3', 'test/contrib/test_contrib.sh build'),
        *[('example ' + name, 'cd build && ./' + name) for name in names('examples/*.cc')],
        ('installed module', 'test/install/test_install.sh'),
        ('model chapter', 'doc/chapter/build.sh build'),
        ('capture of a run', 'test/capture/test_run_capture.sh'),
        ('sweep to figures', 'test/experiments/test_sweep.sh'),
        ('simulated behaviours', 'build/test/sim/test_sim_cases'),
        ('sanitized simulated behaviours', 'build/sanitize/test/sim/test_sim_cases'),
        ('scripts', 'build/test/scripts/test_scripts'),
        ('sanitized scripts', 'build/sanitize/test/scripts/test_scripts'),
        ('simulator notices planted bugs', 'test/sim/test_planted_bugs.sh'),
        ('branches of the core', 'test/coverage.sh'),
        ('fuzzed core', 'test/fuzz/test_fuzz.sh 50'),
        ('captures of simulations', 'test/capture/test_sim_capture.sh build'),
        ('kernel', 'test/kernel/test_kernel.sh build'),
        ('sanitized kernel', 'test/kernel/test_kernel.sh build/sanitize by_'),
        ('goodput with the kernel', 'test/kernel/test_goodput.sh build'),
        ('page beside Linux', 'test/kernel/beside_linux.sh --page test/kernel/beside_linux.csv | cmp - doc/beside_linux.md'),
        ('ns-3 in real time and the kernel', 'test/kernel/test_realtime.sh build'),
        ('sums of paths', 'build/test/best_path/path_sums'),
        ('compared with the best path', 'build/test/best_path/best_path --to 150 --jobs 2 --require-95 85 --require-85 94'),
        ('better than the best path with a short window', 'build/test/best_path/best_path --from 9 --to 9 --require-95 100'),
        ('better than the best path at the end', 'build/test/best_path/best_path --from 137 --to 137 --require-95 100'),
        ('simulated loss', 'build/test/sim/sim_loss 20'),
        ('sanitized simulated loss', 'build/sanitize/test/sim/sim_loss 2'),
        ('simulated random', 'build/test/sim/sim_random --from 1 --to 10000 --jobs 2 --check-every 16 --stats'),
        ('sanitized simulated random', 'build/sanitize/test/sim/sim_random --from 10001 --to 10500 --jobs 2'),
    ]


def count(output, status):
    """@return (passed, failed, skipped) of one test."""
    if status == SKIPPED:
        return 0, 0, 1
    passed = sum(int(n) for n in re.findall(r'^\[  PASSED  \] (\d+) test', output, re.M))
    failed = sum(int(n) for n in re.findall(r'^\[  FAILED  \] (\d+) test', output, re.M))
    skipped = sum(int(n) for n in re.findall(r'^\[  SKIPPED \] (\d+) test', output, re.M))
    own = re.search(r'^(?:[\w.-]+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*\Z', output, re.M)
    if own:
        passed, failed, skipped = (int(n or 0) for n in own.groups())
    if status != 0 and failed == 0:
        failed = 1
    if passed + failed + skipped == 0:
        passed = 1
    return passed, failed, skipped


def run(command):
    """@return (output, exit status, seconds)"""
    start = time.monotonic()
    with subprocess.Popen(command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True) as child:
        try:
            output, _ = child.communicate(timeout=TIMEOUT_S)
            status = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)  # the shell and all that it started
            output, _ = child.communicate()
            output, status = output + b'\nnot done after %d s' % TIMEOUT_S, 1
    return output.decode(errors='replace'), status, time.monotonic() - start


def lane(name):
    """@return how a test runs: 'alone', 'waits' (beside the busy ones) or 'busy'"""
    if 'real time' in name or 'cluster' in name or 'installed' in name:
        return 'alone'
    return 'waits' if 'kernel' in name or 'sweep runner' in name else 'busy'


def report(name, command, output, status, seconds):
    """@return (passed, failed, skipped) of it"""
    result = count(output, status)
    said = 'FAILED' if result[1] else 'skipped' if result[2] and not result[0] else 'passed'
    cases = sum(result)
    print('%-8s %7.1f s  %s%s' % (said, seconds, name, ' (%d cases)' % cases if cases > 1 else ''), flush=True)
    if said == 'skipped':
        print('  ' + (output.strip().splitlines() or ['(no reason given)'])[-1], flush=True)
    elif result[2]:
        print(''.join('  %s\n' % line for line in output.splitlines() if re.match('skip', line, re.I)), end='', flush=True)
    if result[1]:
        print('  command: %s\n  exit status: %d' % (command, status))
        print(''.join('  | %s\n' % line for line in output.splitlines()[-200:]), end='', flush=True)
    return result


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
    word = sys.argv[1] if len(sys.argv) > 1 else ''
    chosen = [(name, command) for name, command in tests() if word in name]
    total = [0, 0, 0]
    workers = {'busy': os.cpu_count() or 1, 'waits': 1, 'alone': 1}
    for lanes in (('waits', 'busy'), ('alone',)):
        pools = {name: ThreadPoolExecutor(workers[name]) for name in lanes}
        started = {pools[lane(test[0])].submit(run, test[1]): test for test in chosen if lane(test[0]) in lanes}
        for done in as_completed(started):
            total = [a + b for a, b in zip(total, report(*started[done], *done.result()))]
    print('%d passed, %d failed, %d skipped' % tuple(total))
    return 1 if total[1] or not sum(total) else 0


sys.exit(main())
