"""What a file needs: everything that can be run or read because of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from tests.changed.facts import Facts, facts_of, texts_of
from tests.changed.names import Names, module_name
from tests.package.imports import imports_of

STARTS_PROGRAMS: Final = ".yaml"
"""Files that start programs of ours, besides Python."""

STARTS_IMPORTS: Final = frozenset({"importlib", "import_module", "runpy", "__import__"})

NOT_FOLLOWED: Final = frozenset(
    {
        # Registering the command runs nothing of the command line; who runs it names this module.
        ("addon/blender/registration.py", "addon/blender/scripting/command.py"),
    }
)


@dataclass(frozen=True, slots=True)
class Need:
    """A file, and whether its functions are called: merely loaded, it runs only its top level."""

    path: str
    used: bool = True


SHIPPED: Final = ("addon/", "blender_manifest.toml")
"""What the installed extension consists of."""


PACKS: Final = frozenset({"scripts/build.py", "scripts/manual.py"})
"""Put documents into what is installed, of which only the tests that name them see anything."""

LISTS: Final = "tests/blender/versions.py"
"""Names tests, and needs none of them."""


def _never(path: str, other: str) -> bool:
    """Whether ``path`` cannot need ``other``, although it names it."""
    installed_apart = path.startswith("addon/") and not other.startswith(SHIPPED)
    packed_unread = path in PACKS and (other.startswith("docs/") or other == "CHANGELOG.md")
    listed = path == LISTS and other.startswith("tests/")
    return installed_apart or packed_unread or listed or (path, other) in NOT_FOLLOWED


class Graph:
    """The files of one tree and what they need. Raises SyntaxError for what cannot be read."""

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        self.root = root
        self.paths = frozenset(paths)
        self._facts: dict[str, Facts] = {}
        self._edges: dict[Need, tuple[Need, ...]] = {}

    @cached_property
    def names(self) -> Names:
        """The files by their names."""
        return Names.of(self.paths)

    def needs(self, starts: Iterable[Need]) -> set[Need]:
        """``starts`` and all that they lead to."""
        found: set[Need] = set()
        waiting = list(starts)
        while waiting:
            need = waiting.pop()
            if need not in found:
                found.add(need)
                waiting += self._next(need)
        return found

    def test_needs(self, test: str) -> set[Need]:
        """What a file of tests needs, with the fixtures it asks for by name."""
        found = self.needs([Need(test)])
        for folder in PurePosixPath(test).parents:  # a fixture asks only for outer ones
            conftest = str(folder / "conftest.py")
            if conftest in self.paths:
                is_asked = bool(self.facts(conftest).fixtures & self._asked(found))
                found |= self.needs([Need(conftest, is_asked)])
        return found

    def _asked(self, needs: set[Need]) -> set[str]:
        files = {need.path for need in needs if need.used and need.path.startswith("tests/")}
        return {name for path in files if path.endswith(".py") for name in self.facts(path).asked}

    def facts(self, path: str) -> Facts:
        """What the file says."""
        if path not in self._facts:
            where = self.root / path
            python = path.endswith(".py")
            self._facts[path] = facts_of(where, module_name(path)) if python else texts_of(where)
        return self._facts[path]

    def _next(self, need: Need) -> tuple[Need, ...]:
        if need not in self._edges:
            self._edges[need] = tuple(
                found
                for found in self._found(need)
                if found.path in self.paths and not _never(need.path, found.path)
            )
        return self._edges[need]

    def _found(self, need: Need) -> Iterator[Need]:
        if need.path.endswith(STARTS_PROGRAMS):
            yield from self._named(need.path)
        if not need.path.endswith(".py"):
            return
        yield from self._parents(need.path)
        facts = self.facts(need.path)
        used = need.used or bool(facts.run_at_once & (facts.functions | STARTS_IMPORTS))
        if used:
            yield Need(need.path)
            yield from self._named(need.path)
        for found in imports_of(self.root / need.path, self.root):
            is_used = used or found.bound in facts.run_at_once
            if found.module and (is_used or not found.late):
                own_name = found.name.endswith(":__package__")  # asks for no more than the name
                path = found.module.relative_to(self.root).as_posix()
                yield Need(path, is_used and not own_name)

    def _parents(self, path: str) -> Iterator[Need]:
        for folder in PurePosixPath(path).parents:
            yield Need(str(folder / "__init__.py"), used=False)

    def _named(self, path: str) -> Iterator[Need]:
        facts = self.facts(path)
        for text in facts.paths:
            yield from map(Need, self.names.by_path(text, path))
        for text in facts.texts:
            starts = "-m" in facts.texts or "-m " in text
            yield from map(Need, self.names.in_text(text, path, starts=starts))
