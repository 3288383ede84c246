"""What one Python file says about others, apart from its imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.package.imports import tree

HOLE = "\0"
"""Stands in a text for what only the running program knows."""

UNKNOWN = f"{HOLE}.{HOLE}"
"""A module of a package that the program chooses: it is taken for one of its own folder."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found in a file."""

    texts: frozenset[str]
    """Its strings, but for docstrings; any of them may name a module or a file."""
    paths: frozenset[str] = frozenset()
    """What is put together with ``/``: ``scripts/batch.py``; ``./entry.py`` for a sibling."""
    run_at_once: frozenset[str] = frozenset()
    """Names used by the code that runs when the file is imported, or by pytest unasked."""
    functions: frozenset[str] = frozenset()
    fixtures: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    """Names that can ask for a fixture: parameters, and strings where those can."""


def facts_of(path: Path, module: str) -> Facts:
    """Read the file, whose dotted name is ``module``."""
    parsed = tree(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    strings = _Strings({"__name__": module, "__package__": package})
    strings.visit(parsed)
    nodes = list(ast.walk(parsed))
    functions = [node for node in nodes if isinstance(node, Function)]
    return Facts(
        texts=frozenset(strings.texts),
        paths=frozenset(strings.paths),
        run_at_once=frozenset(
            node.id for node in _run_at_once(parsed) if isinstance(node, ast.Name)
        ),
        functions=frozenset(node.name for node in functions),
        fixtures=frozenset(name for node in functions for name in _fixture_names(node)),
        asked=frozenset(node.arg for node in nodes if isinstance(node, ast.arg))
        | (strings.texts if any(_asks_by_string(node) for node in nodes) else set()),
    )


def texts_of(path: Path) -> Facts:
    """Read a file that is not Python: one text."""
    return Facts(frozenset({path.read_text(encoding="utf-8")}))


@dataclass
class _Strings(ast.NodeVisitor):
    own: dict[str, str]
    """What the file's names for itself stand for."""
    texts: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring runs nothing
            self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module and node.module.startswith("bl_ext."):  # the installed extension
            self.texts.update(f"{node.module}.{alias.name}" for alias in node.names)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.texts.add(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.texts.add(self._text(node))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part)

    def _text(self, node: ast.JoinedStr) -> str:
        return "".join(self._piece(part) for part in node.values)

    def _piece(self, part: ast.expr) -> str:
        if isinstance(part, ast.FormattedValue):
            return self.own.get(ast.unparse(part.value), HOLE)
        return str(part.value) if isinstance(part, ast.Constant) else HOLE

    def visit_BinOp(self, node: ast.BinOp) -> None:
        first, names = _joined(node)
        if names:
            self.paths.add("/".join(names))
            self.visit(first)
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        match called, node.args:
            case "part", [ast.Constant(value=str(name))]:  # a module of the installed extension
                self.texts.add(f"addon.{name}")
            case "import_module", [ast.JoinedStr() as joined] if self._text(joined) == UNKNOWN:
                self.paths.update(["./*.py"] if self.own["__name__"].startswith("addon.") else [])
            case "with_name", [ast.Constant(value=str(name))]:
                self.paths.add(f"./{name}")
                self.visit(node.func)
            case _:
                self.generic_visit(node)


def _joined(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """``here / "a" / "b"`` as ``here`` and its parts."""
    names: list[str] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        if not (isinstance(node.right, ast.Constant) and isinstance(node.right.value, str)):
            break
        names.insert(0, node.right.value)
        node = node.left
    return node, names


def _asks_by_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in {"usefixtures", "getfixturevalue"}


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "__name__ == '__main__'":
            continue
        yield child
        if not isinstance(child, Function) or _runs_unasked(child):
            yield from _run_at_once(child)
            continue
        defaults = [*child.args.defaults, *(each for each in child.args.kw_defaults if each)]
        for part in [*child.decorator_list, *defaults]:
            yield from ast.walk(part)


def _runs_unasked(function: Function) -> bool:
    automatic = any("autouse" in ast.unparse(decorator) for decorator in function.decorator_list)
    return automatic or function.name.startswith("pytest_")


def _fixture_names(function: Function) -> Iterator[str]:
    for decorator in function.decorator_list:
        if "fixture" in ast.unparse(decorator):
            yield function.name
            if isinstance(decorator, ast.Call):
                yield from (
                    str(given.value.value)
                    for given in decorator.keywords
                    if given.arg == "name" and isinstance(given.value, ast.Constant)
                )
