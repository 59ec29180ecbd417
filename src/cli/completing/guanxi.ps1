# Completes the lines of guanxi in PowerShell: the program itself is asked what can stand there.
Register-ArgumentCompleter -Native -CommandName guanxi -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @()
    $last = ''
    foreach ($element in $commandAst.CommandElements) {
        $extent = $element.Extent
        if ($extent.StartOffset -ge $cursorPosition) { break }
        if ($extent.EndOffset -lt $cursorPosition) {
            $isText = $element -is [System.Management.Automation.Language.StringConstantExpressionAst]
            $words += if ($isText) { $element.Value } else { $extent.Text }
        } else {
            $last = $extent.Text.Substring(0, $cursorPosition - $extent.StartOffset)
        }
    }
    # A word may be empty, and older shells hand over none that is.
    $asked = @($words) + $last | ForEach-Object { "=$_" }
    $program = Get-Command guanxi -CommandType Application | Select-Object -First 1
    $encoding = [Console]::OutputEncoding
    [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
    try { $lines = @(& $program __complete powershell @asked 2>$null) }
    finally { [Console]::OutputEncoding = $encoding }
    if ($lines[0] -eq ':files') {
        [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        return
    }
    # PowerShell may take only the end of a word for what it replaces.
    $quote = if ($last -match '^[''"]') { $last.Substring(0, 1) } else { '' }
    $kept = if ($quote) { 0 } else { [Math]::Max(0, $last.Length - "$wordToComplete".Length) }
    foreach ($line in $lines) {
        $value, $meaning = $line -split "`t", 2
        if (-not $meaning) { $meaning = $value }
        $text = $quote + $value.Substring([Math]::Min($kept, $value.Length)) + $quote
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $meaning)
    }
}
