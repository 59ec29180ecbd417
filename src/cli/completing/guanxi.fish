# Completes the lines of guanxi in fish: the program itself is asked what can stand there.
function __guanxi_complete
    set -l token (commandline --current-token --cut-at-cursor)
    set -l asked (commandline --current-process --tokenize --cut-at-cursor) "$token"
    set -l lines (command guanxi __complete fish (string replace --regex '^~/' "$HOME/" -- $asked) 2>/dev/null)
    if test "$lines[1]" = :files
        set -l option (string match --regex '^--[^=]*=' -- "$token")
        for path in (__fish_complete_path (string replace --regex '^--[^=]*=' '' -- "$token"))
            echo "$option$path"
        end
    else if set -q lines[1]
        printf '%s\n' $lines
    end
end
complete --command guanxi --no-files --arguments '(__guanxi_complete)'
