"""argparse as this command line needs it: nothing twice, numbers with bounds, "did you mean"."""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn

from .exits import Refused
from .output import fitting, write

GIVEN_AS: Final = "given_as"
"""Attribute of the parsed arguments: under which name each field was given."""

MOST_SECONDS: Final = 86_400.0
MOST_MINUTES: Final = 7 * 24 * 60.0
MOST_NUMBER: Final = 2**31 - 1


class Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process: Blender may be the process.

    What ``fill_later`` is told adds what it takes once somebody wants to know: of many commands one
    is used.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})
        self._to_fill: list[Callable[[Parser], object]] = []

    def fill_later(self, fill: "Callable[[Parser], object]") -> None:
        """Let ``fill`` add to it when it is first looked at, after all that is to be added."""
        self._to_fill.append(fill)

    def fill(self) -> None:
        """Add all that it takes, if that was left for later."""
        to_fill, self._to_fill = self._to_fill, []
        for fill in to_fill:
            fill(self)

    def taken(self) -> list[argparse.Action]:
        """All that it takes."""
        self.fill()
        return self._actions

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.fill()
        return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        self.fill()
        return super().format_help()

    def format_usage(self) -> str:
        self.fill()
        return super().format_usage()

    def _print_message(self, message: str, file: Any = None) -> None:
        stream = file or sys.stderr
        if message:
            write(stream, fitting(stream, message))

    def error(self, message: str) -> NoReturn:
        hint = f"See `{self.prog} --help`."
        end = "" if message.endswith((".", "?")) else "."
        raise Refused("usage", f"{message[0].upper()}{message[1:]}{end}", hint)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            what = "command" if isinstance(action.choices, Mapping) else "value"
            self.error(f"there is no {what} {value!r}{did_you_mean(str(value), action.choices)}")

    def parse_all(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse the whole command line; what is not known is named, with what may be meant."""
        parsed: argparse.Namespace
        parsed, left = self.parse_known_args(list(arguments))
        if left:
            parser = self.of_command(parsed)
            unknown = next((word for word in left if word.startswith("-")), left[0])
            name = unknown.partition("=")[0]
            if not name.startswith("-"):
                parser.error(f"{unknown!r} belongs to no option")
            parser.error(f"there is no option {name}{did_you_mean(name, parser.options())}")
        return parsed

    def options(self) -> list[str]:
        """Every option it takes, under every name."""
        return [name for action in self.taken() for name in action.option_strings]

    def described(self) -> list[tuple[str, str]]:
        """Its options as they are written, with what each does; hidden ones are left out."""
        return [
            (
                " ".join((", ".join(action.option_strings), str(action.metavar or ""))).strip(),
                action.help.replace("%%", "%"),
            )
            for action in self.taken()
            if action.option_strings and action.help and action.help != argparse.SUPPRESS
        ]

    def offered(self) -> list[tuple[str, list[str]]]:
        """Its options that take one of a few values, with those."""
        return [
            (name, str(action.metavar).split("|"))
            for action in self.taken()
            for name in action.option_strings
            if "|" in str(action.metavar or "")
        ]

    def commands(self) -> dict[str, "Parser"]:
        """The parsers of its commands, by name."""
        choices = (action.choices for action in self.taken())
        return next((dict(found) for found in choices if isinstance(found, Mapping)), {})

    def of_command(self, parsed: argparse.Namespace) -> "Parser":
        """The parser of the command that was given, or of its own commands."""
        for action in self.taken():
            if isinstance(action.choices, Mapping):
                found = action.choices[getattr(parsed, action.dest)]
                return found.of_command(parsed) if isinstance(found, Parser) else self
        return self


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that names what is most like ``word``; "" if nothing is."""
    from difflib import get_close_matches  # late: hardly ever needed

    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def note_name(parser: argparse.ArgumentParser, parsed: Any, dest: str, name: str | None) -> str:
    """Remember by what name a field was given; returns the name it was given by before."""
    given: dict[str, str] = {**getattr(parsed, GIVEN_AS, {})}
    before = given.get(dest, "")
    given[dest] = name or dest
    setattr(parsed, GIVEN_AS, given)
    if before and before != name:
        parser.error(f"{before} and {name} set the same: give one of them")
    return before


def note_once(parser: argparse.ArgumentParser, parsed: Any, dest: str, name: str | None) -> None:
    """The same for what may be given only once."""
    if note_name(parser, parsed, dest, name):
        parser.error(f"{name} is given twice")


class Once(argparse.Action):
    """A value that is given once: of two, the one that was not meant might be paid for."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        note_once(parser, namespace, self.dest, option_string)
        setattr(namespace, self.dest, values)


class OneName(argparse.Action):
    """A list that grows with each use, always under the same name."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        note_name(parser, namespace, self.dest, option_string)
        setattr(namespace, self.dest, [*(getattr(namespace, self.dest) or []), values])


class OnceSwitch(argparse.BooleanOptionalAction):
    """``--name`` or ``--no-name``, one of them and once."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        note_once(parser, namespace, self.dest, option_string)
        super().__call__(parser, namespace, values, option_string)


def some_text(text: str) -> str:
    """Text that is not empty: a script's variable without a value is not taken for no option."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def at_least(least: int) -> Callable[[str], int]:
    """A whole number that is not smaller."""
    return between(least, MOST_NUMBER)


def between(least: int, most: int) -> Callable[[str], int]:
    """A whole number that is neither smaller nor larger."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if number < least:
            raise argparse.ArgumentTypeError(f"it is {number}; the least is {least}")
        if number > most:
            raise argparse.ArgumentTypeError(f"it is {number}; the most is {most}")
        return number

    return read


def up_to(most: float) -> Callable[[str], float]:
    """A number above zero that is not larger."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 < number <= most:
            raise argparse.ArgumentTypeError(
                f"it is {text!r}; it has to be a number above 0, at most {most:g}"
            )
        return number

    return read


seconds = up_to(MOST_SECONDS)
minutes = up_to(MOST_MINUTES)
