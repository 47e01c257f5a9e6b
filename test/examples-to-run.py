#! /usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples that ns-3's test.py runs: (command, run it?, run it under valgrind?)."""

cpp_examples = [
    ("mptcp-two-paths", "True", "False"),
    ("mptcp-coexist", "True", "False"),
    ("mptcp-fairness", "True", "False"),
    ("mptcp-first-program", "True", "False"),
    ("mptcp-middleboxes", "True", "False"),
    ("mptcp-own-scheduler", "True", "False"),
    ("mptcp-server-two-addresses", "True", "False"),
    ("mptcp-trace-windows", "True", "False"),
    ("mptcp-two-access-points --speed=6 --duration=10s", "True", "False"),  # of its 30 s: with debug checks Wi-Fi takes minutes
    ("mptcp-wifi-lte", "True", "False"),
]

python_examples = []
