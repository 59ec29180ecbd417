# Completes the lines of guanxi in bash: the program itself is asked what can stand there.
_guanxi() {
    local IFS=$'\n' words last=${COMP_WORDS[COMP_CWORD]}
    words=("${COMP_WORDS[@]:0:COMP_CWORD}")
    case $last in
        =) words+=("=" "$2") ;;
        [\'\"]*) words+=("${last:0:1}$2") ;;
        *) words+=("$2") ;;
    esac
    COMPREPLY=($(command guanxi __complete bash "${words[@]/#\~\//$HOME/}" 2>/dev/null))
    if [[ ${COMPREPLY[0]-} == :files ]]; then
        COMPREPLY=()
        compopt -o default 2>/dev/null
    elif [[ ${COMPREPLY[0]-} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _guanxi guanxi
