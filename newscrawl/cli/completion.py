"""Completion of the command line in bash, zsh and fish, out of the commands' own parsers.

A script holds all it knows, so that a tab starts no Python: after new sources or a new release it is written again.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from newscrawl.cli.words import Option, Words

NAME = "newscrawl"
# Of options whose value is one of many words: what a shell's variable of these words is called.
_LISTS = ("sources", "settings", "arguments")
_OPEN = ("settings", "arguments")  # NAME=, after which the value is typed
_NO_SPACE = '-S "" '


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The commands, and the names that stand for values: sources, settings, spider arguments."""

    commands: tuple[Words, ...]
    sources: tuple[str, ...]
    settings: tuple[str, ...]
    arguments: tuple[str, ...]

    def named(self, kind: str) -> list[str]:
        """The words of "sources"; those of "settings" and "arguments" with their equals sign."""
        names: tuple[str, ...] = getattr(self, kind)
        return [f"{name}=" for name in names] if kind in _OPEN else list(names)


def script(shell: str, vocabulary: Vocabulary) -> str:
    """The completion script of a shell, one of SHELLS."""
    return "\n".join(SHELLS[shell](vocabulary)) + "\n"


def _heading(shell: str) -> str:
    return f"# Completion of {NAME} in {shell}; `{NAME} completion {shell}` wrote it."


def _bash(vocabulary: Vocabulary) -> Iterator[str]:
    yield _heading("bash")
    yield f"_{NAME}() {{"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= offered= at"
    for kind in _LISTS:
        yield f"    local {kind}={_quoted(vocabulary.named(kind))}"
    yield "    COMPREPLY=()"
    yield "    for ((at = 1; at < COMP_CWORD; at++)); do"
    yield "        [[ ${COMP_WORDS[at]} == -* ]] || { command=${COMP_WORDS[at]}; break; }"
    yield "    done"
    yield "    # The value of NAME=VALUE: a file's name, or anything."
    yield "    [[ $before == = || $word == = ]] && return"
    yield "    case $command in"
    for command in vocabulary.commands:
        yield f"    {command.name})"
        yield "        case $before in"
        for option in (*command.options, *command.every):
            if does := _bash_value(option):
                yield f"        {'|'.join(option.names)}) {does} ;;"
        also = ' offered+=" $sources"' if command.takes_sources else ""
        yield f"        *) offered={_quoted(command.typed)}{also} ;;"
        yield "        esac"
        yield f"        [[ $word == -* ]] && offered={_quoted(_flags(command))} ;;"
    yield f"    '') offered={_quoted([command.name for command in vocabulary.commands])} ;;"
    yield "    esac"
    yield '    [[ $offered ]] && COMPREPLY=($(compgen -W "$offered" -- "$word"))'
    yield "    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace"
    yield "    return 0"
    yield "}"
    yield f"complete -o bashdefault -o default -F _{NAME} {NAME}"


def _bash_value(option: Option) -> str:
    if option.kind in _LISTS:
        return f"offered=${option.kind}"
    if option.kind == "choices":
        return f"offered={_quoted(option.choices)}"
    if option.kind == "text":
        return "compopt +o bashdefault +o default; return"
    return "return" if option.kind else ""


def _zsh(vocabulary: Vocabulary) -> Iterator[str]:
    yield f"#compdef {NAME}"
    yield _heading("zsh")
    yield f"_{NAME}() {{"
    yield f"    local -a {' '.join(_LISTS)} commands"
    for kind in _LISTS:
        yield f"    {kind}=({' '.join(map(shlex.quote, vocabulary.named(kind)))})"
    yield "    commands=("
    for command in vocabulary.commands:
        yield f"        {shlex.quote(f'{command.name}:{command.told}')}"
    yield "    )"
    yield "    if (( CURRENT == 2 )); then"
    yield "        _describe -t commands command commands"
    yield "        return"
    yield "    fi"
    yield "    shift words"
    yield "    (( CURRENT-- ))"
    yield "    case $words[1] in"
    for command in vocabulary.commands:
        yield f"    {command.name})"
        yield "        _arguments \\"
        for option in (*command.options, *command.every):
            for name in option.names:
                yield f"            {shlex.quote(_zsh_option(name, option))} \\"
        yield f"            {shlex.quote(f'*: :{{{_zsh_positional(command)}}}')} ;;"
    yield "    esac"
    yield "}"
    # Sourced, or loaded as a function from a directory of $fpath.
    yield f'if [[ $funcstack[1] == _{NAME} ]]; then _{NAME} "$@"; else compdef _{NAME} {NAME}; fi'


def _zsh_option(name: str, option: Option) -> str:
    told = "".join(f"\\{letter}" if letter in "[]:\\" else letter for letter in option.told)
    spec = f"*{name}[{told}]"
    if not option.kind:
        return spec
    if option.kind in _LISTS:
        action = f"{{compadd {_NO_SPACE if option.kind in _OPEN else ''}-a {option.kind}}}"
    elif option.kind == "choices":
        action = f"({' '.join(option.choices)})"
    else:
        action = {"files": "_files", "directories": "_files -/", "text": " "}[option.kind]
    value = (option.metavar or "value").replace(":", "\\:")
    return f"{spec}:{value}:{action}"


def _zsh_positional(command: Words) -> str:
    parts = ["compadd -a sources"] if command.takes_sources else []
    parts += [f"compadd {' '.join(command.typed)}"] if command.typed else []
    parts += ["_files"] if command.takes_files else []
    return "; ".join(parts) or "_message argument"


def _fish(vocabulary: Vocabulary) -> Iterator[str]:
    yield _heading("fish")
    yield f"complete -c {NAME} -f"
    for command in vocabulary.commands:
        yield f"complete -c {NAME} -n __fish_use_subcommand -a {command.name} -d {_fish_quoted(command.told)}"
    for command in vocabulary.commands:
        begin = f"complete -c {NAME} -n '__fish_seen_subcommand_from {command.name}'"
        if words := [*command.typed, *(vocabulary.sources if command.takes_sources else ())]:
            yield f"{begin} -a {_fish_quoted(' '.join(words))}"
        if command.takes_files:
            yield f"{begin} -F"
        for option in (*command.options, *command.every):
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
            yield f"{begin} {names}{_fish_value(option, vocabulary)} -d {_fish_quoted(option.told)}"


def _fish_value(option: Option, vocabulary: Vocabulary) -> str:
    if not option.kind:
        return ""
    if option.kind in ("files", "directories"):
        return " -r -F"
    words = list(option.choices) if option.kind == "choices" else []
    words += vocabulary.named(option.kind) if option.kind in _LISTS else []
    return f" -x -a {_fish_quoted(' '.join(words))}" if words else " -x"


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _quoted(words: Iterable[str]) -> str:
    return shlex.quote(" ".join(words))


def _flags(command: Words) -> list[str]:
    return ["--help", *(name for option in (*command.options, *command.every) for name in option.names)]


SHELLS: Mapping[str, Callable[[Vocabulary], Iterator[str]]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
