/** What each shell reads at its start, and where that goes. Every one of them asks `mcp __complete` for the words. */
export const completionScripts: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bash: `# Put this in ~/.bashrc: eval "$(mcp completion bash)"
_mcp() {
  local line; COMPREPLY=()
  while IFS= read -r line; do [ -n "$line" ] && COMPREPLY+=("$(printf %q "$line")"); done < <(
    "\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _mcp mcp mcp-cli
`,
    zsh: `# Put this in ~/.zshrc, after compinit: eval "$(mcp completion zsh)"
_mcp() {
  local -a words_found
  words_found=("\${(@f)$("\${words[1]}" __complete "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  words_found=(\${words_found:#})
  if (( \${#words_found} )); then compadd -- "\${words_found[@]}"; else _files; fi
}
compdef _mcp mcp mcp-cli
`,
    fish: `# Put this in ~/.config/fish/completions/mcp.fish
function __mcp_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] __complete $words[2..-1] "$current" 2>/dev/null
end
complete -c mcp -a '(__mcp_complete)'
complete -c mcp-cli -a '(__mcp_complete)'
`,
    powershell: `# Put this in $PROFILE: mcp completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName mcp, mcp-cli -ScriptBlock {
    param($word, $tree, $position)
    $words = @($tree.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
    & $words[0] __complete @($words | Select-Object -Skip 1) "$word" 2>$null | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`,
  }),
);

/** The shells that words can be completed in. */
export const shells: readonly string[] = [...completionScripts.keys()];
