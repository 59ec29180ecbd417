# Completes the lines of guanxi in bash: the program itself is asked what can stand there.
_guanxi() {
    local IFS=$'\n' words
    words=("${COMP_WORDS[@]:0:COMP_CWORD}" "$2")
    COMPREPLY=($(command guanxi __complete bash "${words[@]/#\~\//$HOME/}" 2>/dev/null))
    if [[ ${COMPREPLY[0]-} == :files ]]; then
        COMPREPLY=()
        compopt -o default 2>/dev/null
    fi
}
complete -F _guanxi guanxi
