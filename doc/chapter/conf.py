# SPDX-License-Identifier: GPL-2.0-or-later
"""Sphinx settings for the model chapter: as in ns-3's doc/models, where it may be included as it is."""

project = 'ns-3-mptcp'
copyright = 'its authors'
master_doc = 'mptcp'
extensions = []
exclude_patterns = ['*.inc']
html_theme = 'alabaster'  # readable on a telephone, too
html_theme_options = {'page_width': 'min(90em, 96vw)', 'body_max_width': 'none'}
html_static_path = ['chapter.css']
html_css_files = ['chapter.css']
rst_epilog = '''
.. |ns3| replace:: *ns-3*
'''
