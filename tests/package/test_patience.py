"""No test judges speed: who waits asks ``tests/patience.py`` how long, and never measures."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.package.imports import ROOT, tree

TESTS = ROOT / "tests"
PATIENCE = TESTS / "patience.py"

ALLOWED: Mapping[tuple[str, str], str] = {
    ("sandbox/test_front_faults.py", "settimeout(0.3)"): "provoked: nothing may come, however slow",
    ("sandbox/test_front_faults.py", "timeout=(seconds(5), 0.3)"): "provoked: no answer ever comes",
    ("jobs/test_submitting.py", "read_timeout=0.2"): "provoked: it never comes whole",
    ("service/test_bounds.py", "read_timeout=WAIT"): "provoked: it never comes whole",
    ("service/test_bounds.py", "timeout=WAIT"): "provoked: it never comes whole",
    ("service/test_client.py", "read_timeout=0.2"): "provoked: the answer is held back",
}
"""File and source of a wait that is short on purpose, and why a slow machine cannot spoil it."""

WAITS = {"wait": 0, "wait_for": 1, "join": 0, "communicate": 1, "settimeout": 0, "alarm": 0}
"""Methods by the position of the time they wait for."""
OTHER_WAITS = {"select": 3, "Timer": 0}
LONG_SLEEP = 0.5
CLOCKS = {"monotonic", "perf_counter", "time", "monotonic_ns", "perf_counter_ns", "time_ns"}


def numbers_of(module: ast.Module) -> dict[str, float]:
    """The module's names for numbers: a name is no way round the rule."""
    found: dict[str, float] = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = number(node.value, found)
            if value is not None:
                found[node.targets[0].id] = value
    return found


def number(node: ast.expr | None, names: Mapping[str, float]) -> float | None:
    """The largest number that is written down in the expression; None if it is worked out."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return names.get(name)
        case ast.UnaryOp(operand=inner):
            return number(inner, names)
        case ast.Tuple(elts=parts):
            return max(
                (n for part in parts if (n := number(part, names)) is not None), default=None
            )
        case ast.BinOp(left=left, right=right):
            both = (number(left, names), number(right, names))
            return None if None in both else max(n for n in both if n is not None)
    return None


def name_of(called: ast.expr) -> str:
    """The last part of a dotted name."""
    return called.attr if isinstance(called, ast.Attribute) else ast.unparse(called)


def is_timeout(name: str | None) -> bool:
    return name is not None and (name == "timeout" or name.endswith("_timeout"))


def measures(node: ast.AST) -> bool:
    """Whether the clock is read in it, or the time something took."""
    return any(
        (isinstance(part, ast.Call) and name_of(part.func) in CLOCKS and not part.args)
        or (isinstance(part, ast.Attribute) and part.attr in {"elapsed", "total_seconds"})
        for part in ast.walk(node)
    )


def subtracts(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub) for part in ast.walk(node)
    )


def clock_names(module: ast.Module) -> tuple[set[str], set[str]]:
    """Variables that hold a reading of the clock, and those that hold a time that has passed."""
    moments: set[str] = set()
    spans: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and measures(node.value):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            (spans if subtracts(node.value) else moments).update(names)
    return moments, spans


def judges(node: ast.Compare, moments: set[str], spans: set[str]) -> bool:
    """Whether it compares a time that has passed, or the clock with a moment."""
    if any(isinstance(op, ast.Eq | ast.NotEq | ast.Is | ast.IsNot | ast.In) for op in node.ops):
        return False
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return measures(node) or bool(used & spans) or (subtracts(node) and bool(used & moments))


def offences(module: ast.Module) -> Iterator[str]:
    """The source of everything in it that depends on how fast the machine is."""
    names, (moments, spans) = numbers_of(module), clock_names(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Compare) and judges(node, moments, spans):
            yield ast.unparse(node)
        elif isinstance(node, ast.arguments):
            yield from _defaults(node, names)
        elif isinstance(node, ast.Call):
            yield from _waits(node, names)


def _waits(call: ast.Call, names: Mapping[str, float]) -> Iterator[str]:
    name = name_of(call.func)
    for keyword in call.keywords:
        if is_timeout(keyword.arg) and number(keyword.value, names):  # 0 does not wait
            yield f"{keyword.arg}={ast.unparse(keyword.value)}"
    position = WAITS.get(name) if isinstance(call.func, ast.Attribute) else None
    position = OTHER_WAITS.get(name, position)
    if position is not None and len(call.args) > position and number(call.args[position], names):
        yield f"{name}({', '.join(map(ast.unparse, call.args))})"
    if name == "sleep" and call.args and (number(call.args[0], names) or 0) >= LONG_SLEEP:
        yield f"{name}({ast.unparse(call.args[0])})"


def _defaults(arguments: ast.arguments, names: Mapping[str, float]) -> Iterator[str]:
    """Parameters called a timeout, with a number of their own."""
    positional = [*arguments.posonlyargs, *arguments.args]
    given = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    for parameter, default in [
        *given,
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]:
        if is_timeout(parameter.arg) and number(default, names):
            yield f"{parameter.arg}={ast.unparse(default) if default else ''}"


@cache
def places() -> list[tuple[str, str]]:
    """(file, source) of every offence in the tests."""
    files = sorted(path for path in TESTS.rglob("*.py") if path != PATIENCE)
    return [(_name(path), source) for path in files for source in offences(tree(path))]


def _name(path: Path) -> str:
    return path.relative_to(TESTS).as_posix()


def test_no_test_depends_on_the_machine_being_fast() -> None:
    wrong = [f"{n}: {s}" for n, s in places() if (n, s) not in ALLOWED]
    assert wrong == [], "ask tests/patience.py how long to wait; never judge how long it took"


def test_every_exception_is_needed() -> None:
    assert set(ALLOWED) <= set(places())


@pytest.mark.parametrize(
    "source",
    [
        "process.wait(5)",
        "process.wait(timeout=2 * 30)",
        "process.communicate(timeout=30)",
        "LIMIT = 240\nsubprocess.run(command, timeout=LIMIT)",
        "requests.get(link, timeout=(1, 20))",
        "Client(connect_timeout=2.0)",
        "def ask(*, timeout: float = 30.0): ...",
        "def ask(timeout=30): ...",
        "thread.join(SECONDS)\nSECONDS = 20.0",
        "event.wait(10)",
        "select.select([pipe], [], [], 20.0)",
        "threading.Timer(20.0, process.kill)",
        "connection.settimeout(0.3)",
        "time.sleep(0.7)",
        "began = time.monotonic()\nassert time.monotonic() - began < 2.0",
        "began = time.perf_counter()\ntook = time.perf_counter() - began\nassert took < 0.5",
        "deadline = time.monotonic() + 30\nassert time.monotonic() < deadline",
        "assert answer.elapsed.total_seconds() < 10",
    ],
)
def test_the_rule_finds(source: str) -> None:
    assert list(offences(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "process.wait(seconds(5))",
        "subprocess.run(command, timeout=seconds(30))",
        "until(lambda: found, usual=30)",
        "drive.finish(0)",
        "worker.stop(timeout=0)",
        "front.wait(task)",
        "', '.join(names)",
        "time.sleep(0.05)",
        "clock = ManualClock(time.time())",
        "assert job.updated_at == time.time()",
    ],
)
def test_the_rule_lets_pass(source: str) -> None:
    assert not list(offences(ast.parse(source)))
