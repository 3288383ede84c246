"""A script that completes commands and options in a shell, written from the parser."""

import re
from typing import Final

from .arguments import Parser

SHELLS: Final = ("bash", "zsh", "fish")

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
    return fish_script(parser) if shell == "fish" else bash_script(parser, shell)


def bash_script(parser: Parser, shell: str) -> str:
    """For bash, or for zsh, which has to be told."""
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


FISH_SCRIPT: Final = """\
# Completion of {prog} for fish; written by `completion fish`.
function __{name}_at
    set -l seen
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and continue
        contains -- $word {commands}; or continue
        set -a seen $word
        test (count $seen) -eq 1; and test $seen[1] = estimate; or break
    end
    test "$seen" = "$argv"
end
complete -c {prog} -e
{lines}
"""


def fish_script(parser: Parser) -> str:
    """For fish: a line for each command, option and its values."""
    name = re.sub(r"\W", "_", parser.prog)
    commands = parser.commands()
    lines = []

    def add(place: str, *rest: str) -> None:
        given = [f"complete -c {parser.prog} -n '__{name}_at {place}'", *filter(None, rest)]
        lines.append(" ".join(given))

    def add_options(place: str, of: Parser) -> None:
        values = dict(of.offered())
        for option in of.options():
            letters = option.removeprefix("--")
            kind = f"-l {letters}" if option.startswith("--") else f"-s {option[1:]}"
            offered = f"-xa '{' '.join(values[option])}'" if option in values else ""
            add(place, kind, offered)

    add("", f"-fa '{' '.join(commands)}'")
    add_options("", parser)
    for command, of in commands.items():
        add_options(command, of)
        below = of.commands()
        if below:
            add(command, f"-fa '{' '.join(below)}'")
        for one, inner in below.items():
            add_options(f"{command} {one}", inner)
        if command == "completion":
            add(command, f"-fa '{' '.join(SHELLS)}'")
    return FISH_SCRIPT.format(
        prog=parser.prog, name=name, commands=" ".join(commands), lines="\n".join(lines)
    )
