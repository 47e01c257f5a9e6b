#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One small edit of the core at a time: do its tests notice? mutate.py [--count N] [--seed S] [--file PART] [--jobs J] [--keep FOLDER]

Each edit is a line of model/core with one operator, constant or negation changed (the table below). The file is compiled,
and the edit is *noticed* when it does not compile without a warning, or when the packet scripts, the simulated cases or
300 random simulations fail. An edit that survives is either equivalent to what was there or a test that is missing: read
it. Last line: N noticed, N survived. Needs a compiler and nettle; some ten seconds an edit and processor.
"""

import argparse
import glob
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

FLAGS = ['-std=c11', '-O1', '-Wall', '-Wextra', '-Werror', '-Imodel/core', '-Itest/sim', '-Itest/scripts', '-Imodel']
TIMEOUT_S = 120

EDITS = [  # (what stands in the line, what it becomes)
    (r'(?<![<>=!-])<(?![<=])(?= \w)', '<='), (r'(?<![<>=-])>(?![>=])(?= \w)', '>='),
    (r' <= ', ' < '), (r' >= ', ' > '), (r' == ', ' != '), (r' != ', ' == '),
    (r' && ', ' || '), (r' \|\| ', ' && '), (r' \+ (?=\w)', ' - '), (r' - (?=\w)', ' + '),
    (r'\btrue\b', 'false'), (r'\bfalse\b', 'true'), (r'(?<=[(& ])!(?=\w)', ''), (r' \+ 1\b', ''), (r' - 1\b', ''),
    (r'\b2 \* ', ''), (r' / 2\b', ''), (r'\+\+;', ';'), (r' \+= ', ' = '), (r' \|= ', ' = '), (r'\b0\b', '1'),
]


def candidates(part):
    """Every possible edit, as (file, line number, line, edited line)."""
    for path in sorted(glob.glob('model/core/*/*.c')):
        if part not in path:
            continue
        is_comment = False
        for number, line in enumerate(open(path, encoding='utf-8'), 1):
            is_comment = is_comment or line.lstrip().startswith('/*')
            code = '' if is_comment or re.match(r'\s*(#|static const|enum|MPT_ASSERT|MPT_COUNT)', line) else line.split('/*')[0]
            is_comment = is_comment and '*/' not in line
            if not code.startswith(' '):
                continue
            for pattern, becomes in EDITS:
                for hit in re.finditer(pattern, code):
                    yield path, number, line, line[:hit.start()] + becomes + line[hit.end():]


def compile_to(source, target):
    return subprocess.run(['cc', *FLAGS, '-c', source, '-o', target], capture_output=True, check=False).returncode == 0


def objects(folder):
    """Compile everything once. @return (core: source -> object, [objects of each test])"""
    sources = glob.glob('model/core/*/*.c') + glob.glob('test/sim/*.c') + glob.glob('test/scripts/*.c')
    os.makedirs(folder)
    names = {source: os.path.join(folder, os.path.basename(source)[:-2] + '.o') for source in sources}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        if not all(pool.map(lambda source: compile_to(source, names[source]), sources)):
            sys.exit('mutate.py: the core or its tests do not compile')
    of = lambda pattern: {names[s] for s in glob.glob(pattern)}
    programs = {'sim_loss', 'sim_speed', 'sim_capture', 'sim_random', 'sim_seeds'}
    shared = {o for o in of('test/sim/sim_*.c') if os.path.basename(o)[:-2] not in programs}
    tests = [('scripts', of('test/scripts/*.c'), []),
             ('cases', shared | of('test/sim/cases_*.c') | of('test/sim/test_sim_cases.c'), []),
             ('random', shared | of('test/sim/sim_random.c'), ['--from', '1', '--to', '300', '--jobs', '1', '--check-every', '8'])]
    return {s: o for s, o in names.items() if s.startswith('model/core')}, tests


def passes(program, arguments):
    try:
        return subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=TIMEOUT_S, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def noticed_by(edit, core, tests):
    """@return the test that fails of the edited core, 'compiler', or None"""
    path, number, line, edited = edit
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(path))
        lines = open(path, encoding='utf-8').readlines()
        assert lines[number - 1] == line
        lines[number - 1] = edited
        open(copy, 'w', encoding='utf-8').writelines(lines)
        if not compile_to(copy, copy[:-2] + '.o'):
            return 'compiler'
        linked = [o for source, o in core.items() if source != path] + [copy[:-2] + '.o']
        for name, own, arguments in tests:
            program = os.path.join(folder, name)
            subprocess.run(['cc', *linked, *own, '-lnettle', '-lm', '-o', program], check=True, capture_output=True)
            if not passes(program, arguments):
                return name
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--count', type=int, default=100, help='edits (100)')
    parser.add_argument('--seed', type=int, default=1, help='which of them (1)')
    parser.add_argument('--file', default='', help='only files whose path has this in it')
    parser.add_argument('--jobs', type=int, default=os.cpu_count(), help='edits at once (processors)')
    given = parser.parse_args()
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
    every = list(candidates(given.file))
    chosen = random.Random(given.seed).sample(every, min(given.count, len(every)))
    folder = tempfile.mkdtemp()
    try:
        core, tests = objects(os.path.join(folder, 'objects'))
        survived = 0
        with ThreadPoolExecutor(given.jobs) as pool:
            for edit, by in zip(chosen, pool.map(lambda e: noticed_by(e, core, tests), chosen)):
                survived += by is None
                print('%-9s %s:%d: %s' % (by or 'SURVIVED', edit[0], edit[1], edit[3].strip()), flush=True)
                if by is None:
                    print('          was: %s' % edit[2].strip(), flush=True)
    finally:
        shutil.rmtree(folder)
    print('%d noticed, %d survived, of %d possible edits' % (len(chosen) - survived, survived, len(every)))
    return 0


sys.exit(main())
