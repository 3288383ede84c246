"""A script that completes commands and options in a shell, written from the parser."""

import re
from typing import Final

from .arguments import Parser

SHELLS: Final = ("bash", "zsh")

SCRIPT: Final = """\
# Completion of {prog} for {shell}; written by `completion {shell}`.
{before}_{name}_complete() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
    local command="" word words
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$command $word" in
            " "-*) ;;
            " "*) command="$word" ;;
            "estimate "-*) ;;
            "estimate "*) command="$word" ;;
        esac
    done
    case "$command $previous" in
{values}
    esac
    case "$command" in
{options}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    if [ ${{#COMPREPLY[@]}} -eq 0 ] && [ "${{current#-}}" = "$current" ]; then
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}}
complete -o filenames -F _{name}_complete {prog}
"""


def script(parser: Parser, shell: str) -> str:
    """The script for the shell; zsh reads bash's own way."""
    commands = parser.commands()
    options = [f'        "") words="{" ".join([*commands, *parser.options()])}" ;;']
    values = []
    for name, command in commands.items():
        below = list(command.commands())
        options.append(f'        {name}) words="{" ".join([*below, *command.options()])}" ;;')
        for action, offered in command.offered():
            values.append(
                f'        "{name} {action}") COMPREPLY=($(compgen -W "{" ".join(offered)}" -- '
                '"$current")); return ;;'
            )
    before = "autoload -U +X bashcompinit && bashcompinit\n" if shell == "zsh" else ""
    return SCRIPT.format(
        prog=parser.prog,
        name=re.sub(r"\W", "_", parser.prog),
        shell=shell,
        before=before,
        values="\n".join(values),
        options="\n".join(options),
    )
