"""What the modules of this tree import, read from their source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "addon"


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: ``module`` is a file of ours, or None for a module from elsewhere."""

    line: int
    name: str
    module: Path | None
    relative: bool
    bound: str
    """What the importing file calls it."""
    late: bool
    """Inside a function: it happens when that is called."""


def modules(folder: str = "") -> list[Path]:
    """Python files of the package, or of one folder of it."""
    return sorted((PACKAGE / folder).rglob("*.py"))


@cache
def imports_of(path: Path, root: Path = ROOT) -> tuple[Import, ...]:
    """Every import of the file, those inside functions too; absolute ones start at ``root``."""
    return tuple(_imports(path, root))


def reached_from(starts: list[Path]) -> set[Path]:
    """The modules of ours that importing ``starts`` can load, and ``starts``."""
    reached: set[Path] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [found.module for found in imports_of(path) if found.module]
            waiting += [part / "__init__.py" for part in path.parents if PACKAGE in part.parents]
    return reached


@lru_cache(maxsize=4)  # who asks for one thing in a file asks for the next at once
def tree(path: Path) -> ast.Module:
    """The parsed file; not to be changed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def file_of(module: Path) -> Path | None:
    """The file of a module, or of a package, that is named without a suffix."""
    for candidate in (module.with_name(f"{module.name}.py"), module / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _imports(path: Path, root: Path) -> Iterator[Import]:
    for node, late in _statements(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                module = file_of(root.joinpath(*alias.name.split(".")))
                bound = alias.asname or alias.name.partition(".")[0]
                yield Import(node.lineno, alias.name, module, False, bound, late)
        elif isinstance(node, ast.ImportFrom):
            base = path.parents[node.level - 1] if node.level else root
            origin = base.joinpath(*(node.module or "").split("."))
            for alias in node.names:
                module = file_of(origin / alias.name) or file_of(origin)
                name = f"{'.' * node.level}{node.module or ''}:{alias.name}"
                shown = name if node.level else str(node.module)
                bound = alias.asname or alias.name
                yield Import(node.lineno, shown, module, bool(node.level), bound, late)


def _statements(node: ast.AST, late: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Every statement, and whether it is inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child, late
            inside = late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from _statements(child, inside)
