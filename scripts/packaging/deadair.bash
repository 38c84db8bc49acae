# Bash completion for deadair's programs. What can be written is asked of the programs
# themselves, so that it is never behind them.

_deadair() {
    local program=$1 word=$2 command=()
    local commands
    commands=$("$program" --help 2>/dev/null |
        awk '/^Commands/ { listed = 1; next } listed && /^  [a-z]/ { print $1; next } { listed = 0 }')
    if [ -n "$commands" ] && grep -qxF -e "${COMP_WORDS[1]}" <<<"$commands" && [ "$COMP_CWORD" -gt 1 ]; then
        command=("${COMP_WORDS[1]}")
    fi
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" "${command[@]}" --help 2>/dev/null |
            grep -oE -e '--[a-z][a-z0-9-]*')" -- "$word")
    elif [ "$COMP_CWORD" = 1 ] && [ -n "$commands" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -F _deadair -o filenames deadair-prober deadair-analysis deadair-echo-server
