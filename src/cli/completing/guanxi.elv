# Completes the lines of guanxi in elvish: the program itself is asked what can stand there.
use str
set edit:completion:arg-completer[guanxi] = {|@words|
    var home = (str:trim-suffix ~/ /)/
    var asked = [(each {|word|
        if (str:has-prefix $word '~/') {
            put $home(str:trim-prefix $word '~/')
        } else {
            put $word
        }
    } $words)]
    var lines = [(try { e:guanxi __complete elvish $@asked 2>/dev/null | from-lines } catch error { })]
    if (eq $lines [:files]) {
        edit:complete-filename $@words
    } else {
        each {|line|
            var value meaning = (str:split &max=2 "\t" $line"\t")
            var after = ' '
            if (str:has-suffix $value '=') { set after = '' }
            var display = $value
            if (not-eq $meaning '') {
                set display = $value'  -- '(str:trim-suffix $meaning "\t")
            }
            edit:complex-candidate $value &code-suffix=$after &display=$display
        } $lines
    }
}
