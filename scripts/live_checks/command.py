"""The command line of the live check."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import IntEnum
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from addon.jobs.file_locks import FilesBusy, locked
from addon.jobs.places import find_places
from addon.service.addresses import resolve_address
from addon.service.errors import ServiceError
from addon.service.keys import account_id, find_key
from scripts.live_checks.asking import Asking, Pace, Stopped
from scripts.live_checks.checking import Checking, spent
from scripts.live_checks.exchange import Exchange
from scripts.live_checks.findings import amount
from scripts.live_checks.inputs import Inputs, write_inputs
from scripts.live_checks.journal import Journal, JournalUnusable
from scripts.live_checks.report import write_report
from scripts.live_checks.steps import Order, Step, all_steps


class Exit(IntEnum):
    """What the process says when it ends."""

    NO_DIFFERENCE = 0
    DIFFERENCES = 1
    USAGE = 2
    STOPPED = 3


@dataclass(frozen=True, slots=True)
class World:
    """Streams, variables, working directory and speed of one run."""

    stdin: TextIO
    stdout: TextIO
    environ: Mapping[str, str]
    cwd: Path
    pace: Pace = field(default_factory=Pace)
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def of_process(cls) -> "World":
        """The process's own."""
        return cls(sys.stdin, sys.stdout, os.environ, Path.cwd())

    def say(self, text: str) -> None:
        """Tell people something, in whatever their terminal can show."""
        encoding = self.stdout.encoding or "ascii"
        self.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        self.stdout.flush()

    def answer_to(self, question: str) -> str:
        """What somebody types, in lower case; "q" where nobody does any more."""
        self.say(question)
        line = self.stdin.readline()
        return line.strip().lower() if line else "q"


class Refused(Exception):
    """The command line is not one that can be carried out; nothing was sent."""


def main(arguments: Sequence[str], world: World) -> int:
    """Run the check; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        steps = _chosen(given.only)
        if given.list:
            _list(steps, world)
            return Exit.NO_DIFFERENCE
        _check(given, steps, world)
        return _run_alone(given, steps, world)
    except (Refused, JournalUnusable, ServiceError) as error:
        world.say(f"{error} {getattr(error, 'hint', '')}".strip())
        return Exit.USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="live_check.py",
        description="Compare the real service with the contract, the cheapest first. Without "
        "--budget only what is free is asked. Exit codes: 0 no difference, 1 differences, "
        "2 usage or budget, 3 stopped. See docs/live_check.md.",
    )
    add = parser.add_argument
    add("--budget", type=int, metavar="CREDITS", help="the most all runs of this report may spend")
    add("--only", action="append", default=[], metavar="STEP", help="a step, or refused:*")
    add("--yes", action="store_true", help="do not ask; needs --budget")
    add("--report", type=Path, default=Path("live-check.md"), metavar="FILE.md")
    add("--list", action="store_true", help="show the steps and their prices, ask nothing")
    return parser


def _chosen(patterns: Sequence[str]) -> list[Step]:
    """The steps named, and those whose results they need."""
    steps = all_steps()
    names = [step.name for step in steps]
    if not patterns:
        return list(steps)
    wanted = set()
    for pattern in patterns:
        found = {name for name in names if fnmatchcase(name, pattern)}
        if not found:
            close = get_close_matches(pattern, names, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise Refused(f"There is no step {pattern}.{meant} --list shows all.")
        wanted |= found
    needed = {
        source
        for step in steps
        if isinstance(step, Order) and step.name in wanted
        for source in step.sources.values()
    }
    return [step for step in steps if step.name in wanted | needed]


def _list(steps: Sequence[Step], world: World) -> None:
    width = max(len(step.name) for step in steps)
    for step in steps:
        price = f"{step.price:4} credits" if step.price else "        free"
        needs = ""
        if isinstance(step, Order) and step.sources:
            needs = f"; after {', '.join(sorted(set(step.sources.values())))}"
        world.say(f"{step.name:{width}} {price}  {step.asks} (settles {step.settles}{needs})")
    world.say(f"{'all':{width}} {sum(step.price for step in steps):4} credits")


def _check(given: argparse.Namespace, steps: Sequence[Step], world: World) -> None:
    """Raise Refused for what nobody agreed to."""
    if given.budget is not None and given.budget < 0:
        raise Refused("--budget is a number of credits, 0 or more.")
    if given.yes and given.budget is None:
        raise Refused("--yes needs --budget: how many credits may be spent without asking?")
    if not given.yes and not world.stdin.isatty():
        raise Refused("Nobody can be asked here. Give --yes together with --budget.")
    if given.only and not given.budget and any(step.price for step in steps):
        price = sum(step.price for step in steps)
        raise Refused(f"This costs about {price} credits. Say with --budget how many may be spent.")
    if given.report.suffix != ".md":
        raise Refused("--report is the name of a Markdown file, such as live-check.md.")


def _run_alone(given: argparse.Namespace, steps: list[Step], world: World) -> int:
    """Two on one report would each pay the same steps, and forget what the other has paid."""
    report = (world.cwd / given.report).absolute()
    try:
        with locked(report.with_suffix(".lock")):
            return _run(given, steps, world)
    except FilesBusy as busy:
        raise Refused(
            f"Another check ({busy}) works on {report}. Wait until it has ended, or give another "
            "--report."
        ) from None


def _run(given: argparse.Namespace, steps: list[Step], world: World) -> int:
    address = resolve_address(world.environ)
    key_file = find_places(world.environ).key_file
    found = find_key(environ=world.environ, folder=world.cwd, key_file=key_file)
    path = (world.cwd / given.report).absolute()
    journal = Journal.open(
        path.with_suffix(".state.json"), account_id(found.key, address), found.key
    )
    exchange = Exchange(address, found.key)
    asking = Asking(exchange, journal, world.say, world.pace, sleep=world.sleep)
    budget = given.budget or 0
    if not budget:
        world.say("Only what is free is asked: there is no --budget.")
        steps = [step for step in steps if not step.price]
    about = {
        "address": address,
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "budget": str(budget),
    }

    def write(checking: Checking) -> None:
        write_report(path, steps, journal, about=about, not_taken=checking.not_taken)

    world.say(f"{address}, with the key from {found.source}. Report: {path}")
    world.say(f"Budget: {budget} credits, {amount(spent(journal))} of them spent before.")
    if not given.yes and not _begins(steps, journal, world):
        world.say("Nothing was sent.")
        return Exit.STOPPED
    with TemporaryDirectory(prefix="live-check-") as folder:
        pays = any(step.price for step in steps)
        inputs = write_inputs(Path(folder)) if pays else Inputs("", "")
        agree = _agreement(world, asked=not given.yes)
        checking = Checking(asking, inputs, budget, agree, write)
        stopped = _take(checking, steps, world)
    write(checking)
    return _end(checking, steps, world, stopped=stopped)


def _begins(steps: Sequence[Step], journal: Journal, world: World) -> bool:
    """Ask once for all that is free."""
    free = [step for step in steps if not step.price and step.name not in journal.entries]
    if not free:
        return True
    minutes = sum(step.name.startswith("refused:") for step in free) / 3
    return world.answer_to(
        f"{len(free)} free steps: reading, and submissions that have to be refused"
        f"{f' (about {minutes:.0f} minutes at 3 a minute)' if minutes > 1 else ''}. "
        "Should the service take one of these after all, it may charge for it, and the check ends "
        "there. Begin? [y/N]"
    ) in {"y", "yes"}


def _agreement(world: World, *, asked: bool) -> Callable[[Order, Decimal, Decimal], bool]:
    def agree(step: Order, left: Decimal, balance: Decimal) -> bool:
        words = (
            f"{step.name}: {step.asks}. About {step.price} credits; the budget has {amount(left)} "
            f"left, the balance is {amount(balance)}."
        )
        if not asked:
            world.say(words)
            return True
        answer = world.answer_to(f"{words} Send it? [y/N/q]")
        if answer in {"q", "quit"}:
            raise Stopped("Stopped as you said.")
        return answer in {"y", "yes"}

    return agree


def _take(checking: Checking, steps: Sequence[Step], world: World) -> bool:
    """Take the steps; tells whether something ended it early."""
    try:
        checking.take(steps)
    except (Stopped, ServiceError) as error:
        world.say(f"{error} {getattr(error, 'hint', '')}".strip())
    except KeyboardInterrupt:
        world.say("Interrupted. What is paid already is looked at when you start it again.")
    else:
        return False
    return True


def _end(checking: Checking, steps: Sequence[Step], world: World, *, stopped: bool) -> int:
    journal = checking.asking.journal
    count = sum(
        len(journal.entries[step.name].findings) for step in steps if step.name in journal.entries
    )
    world.say(f"{count} differences, {amount(spent(journal))} credits spent.")
    if stopped:
        return Exit.STOPPED
    if checking.budget_ended:
        left = sum(step.price for step in steps if step.name in checking.not_taken)
        world.say(f"The budget ended it. The steps left cost about {left} credits.")
    if count:
        return Exit.DIFFERENCES
    return Exit.USAGE if checking.budget_ended else Exit.NO_DIFFERENCE
