#compdef guanxi
# Completes the lines of guanxi in zsh: the program itself is asked what can stand there.
_guanxi() {
    local -a asked lines values shown
    asked=("${(@Q)words[1,CURRENT-1]}" "${compstate[quote]}$PREFIX")
    lines=("${(@f)$(command guanxi __complete zsh "${(@)asked/#\~\//$HOME/}" 2>/dev/null)}")
    if [[ $lines[1] == :files ]]; then
        [[ $PREFIX == --*=* ]] && compset -P '*='
        _files
    elif [[ -n $lines[1] ]]; then
        values=("${(@)lines%%$'\t'*}")
        local -a after
        [[ $values[1] == *= ]] && after=(-S '')
        if [[ $lines[1] == *$'\t'* ]]; then
            shown=("${(@)lines/$'\t'/  -- }")
            compadd "${(@)after}" -l -d shown -a values
        else
            compadd "${(@)after}" -a values
        fi
    fi
}
if [[ $funcstack[1] == _guanxi ]]; then
    _guanxi "$@"
else
    compdef _guanxi guanxi
fi
