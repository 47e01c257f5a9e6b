# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash of this project's programs: commands and options as each one's --help names them.
# Installed where bash-completion looks; or: source doc/completion.bash

_mptcp() {
    local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} command=() words
    if [ "$COMP_CWORD" -gt 1 ] && [[ ${COMP_WORDS[1]} != -* && ${COMP_WORDS[1]} != *.* ]]; then
        command=("${COMP_WORDS[1]}")
    fi
    if [[ $current == -* ]]; then
        words=$("$program" "${command[@]}" --help 2>/dev/null | grep -oE -- '(^| )--[a-z][a-z0-9-]*')
    elif [ "$COMP_CWORD" = 1 ]; then
        words=$("$program" --help 2>/dev/null | sed -nE 's/^ {0,2}([a-z]+)( [A-Z][^ ]*)? {2,}[a-z].*/\1/p')
        [ "${program##*/}" = mptcp-figures ] && words+=" $("$program" --list 2>/dev/null | sed 's/ .*//')"
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -o bashdefault -F _mptcp mptcp-run mptcp-lab mptcp-figures mptcp-oracle mptcp-validate
