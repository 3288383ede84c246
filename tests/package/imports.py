"""What the modules of the extension import, read from their source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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


def modules(folder: str = "") -> list[Path]:
    """Python files of the package, or of one folder of it."""
    return sorted((PACKAGE / folder).rglob("*.py"))


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    """Every import of the file, those inside functions too."""
    return tuple(_imports(path))


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


def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _imports(path: Path) -> Iterator[Import]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, None, relative=False)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield Import(node.lineno, str(node.module), None, relative=False)
        elif isinstance(node, ast.ImportFrom):
            origin = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            for alias in node.names:
                module = _file_of(origin / alias.name) or _file_of(origin)
                name = f"{'.' * node.level}{node.module or ''}:{alias.name}"
                yield Import(node.lineno, name, module, relative=True)


def _file_of(module: Path) -> Path | None:
    for candidate in (module.with_suffix(".py"), module / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None
