# SPDX-License-Identifier: GPL-2.0-or-later
"""Sphinx settings for the model chapter: as in ns-3's doc/models, where it may be included as it is."""

project = 'ns-3-mptcp'
copyright = 'its authors'
master_doc = 'mptcp'
extensions = []
exclude_patterns = ['*.inc']
html_theme = 'classic'
rst_epilog = '''
.. |ns3| replace:: *ns-3*
'''
