"""From the words in a text to the files they name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import PurePosixPath

DOTTED = re.compile(r"[\w.]*\w[\w.]*")
FILE = re.compile(r"[\w./-]+")
WORD = re.compile(r"\w+")
PART = re.compile(r"""\bpart\(["']([\w.]+)["']\)""")
"""A module of the extension, in code that is sent into a Blender."""

INSTALLED = {"bl_ext": 3, "studio3d": 1}
"""First part of the names the extension has when installed -> how many parts stand for addon."""


@dataclass(frozen=True, slots=True)
class Names:
    """The files of a tree, found by module name or by the end of their path."""

    modules: dict[str, str] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Package -> dotted names of what lies in it."""
    files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Last part of the path -> paths."""
    folders: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Folder -> paths of what lies in it."""

    @classmethod
    def of(cls, paths: Iterable[str]) -> "Names":
        """Sort the paths, which are relative to the tree and have forward slashes."""
        names = cls()
        for text in sorted(paths):
            path = PurePosixPath(text)
            names.files[path.name].append(text)
            names.folders[str(path.parent)].append(text)
            if path.suffix == ".py":
                module = module_name(text)
                names.modules[module] = text
                names.children[module.rpartition(".")[0]].append(module)
        return names

    def by_path(self, text: str, origin: str) -> Iterator[str]:
        """The files, or the files of the folder, that ``origin`` names with a path."""
        if text.startswith("./"):
            here = str(PurePosixPath(origin).parent)
            beside = [path for path in self.folders[here] if fnmatch(path, f"{here}/{text[2:]}")]
            yield from beside
            if beside:
                return
        yield from list(self._ends_with(text)) or self._in_folder(text)

    def _in_folder(self, text: str) -> Iterator[str]:
        """What lies in the folder at the end of that path, unless that is a package."""
        for folder, inside in self.folders.items():
            if f"/{folder}".endswith(f"/{text}") and f"{folder}/__init__.py" not in inside:
                yield from inside

    def in_text(self, text: str, origin: str, *, starts: bool) -> Iterator[str]:
        """Everything the text can name; ``starts``: a package in it can be one that is run."""
        for word in FILE.findall(text):
            yield from self._ends_with(word)
        words = set(WORD.findall(text)) | ({"__main__"} if starts else set())
        for name in PART.findall(text):
            yield from self._module(f"addon.{name}", words)
        for name in DOTTED.findall(text):
            yield from self._dotted(name, words, origin)

    def _ends_with(self, text: str) -> Iterator[str]:
        """Files at that path; the start of the path may belong to another tree."""
        parts = text.strip("./").split("/")
        known = self.files.get(parts[-1], []) if parts[-1] != "__init__.py" else []
        for start in range(len(parts) if known else 0):
            end = "/" + "/".join(parts[start:])
            if ending := [path for path in known if f"/{path}".endswith(end)]:
                yield from ending
                return

    def _dotted(self, name: str, words: set[str], origin: str) -> Iterator[str]:
        first, _, rest = name.partition(".")
        if not rest:
            return
        if not first:
            for package in {"addon", module_name(str(PurePosixPath(origin).parent))}:
                yield from self._module(f"{package}{name}", words, package.count(".") + 2)
        elif first in INSTALLED:
            inside = name.split(".")[INSTALLED[first] :]
            yield from self._module(".".join(("addon", *inside)), words)
        elif first in {"addon", "scripts", "tests"}:
            yield from self._module(name, words)
        else:
            yield from self._module(f"addon.{name}", words, least=3)

    def _module(self, name: str, words: set[str], least: int = 2) -> Iterator[str]:
        """The module, or the innermost one that the name begins with, of ``least`` parts.

        Of a package also what ``words`` name in it, or all of it after a dot at the end.
        """
        parts = name.strip(".").split(".")
        for length in range(len(parts), least - 1, -1):
            start = ".".join(parts[:length])
            if start not in self.modules:
                continue
            yield self.modules[start]
            every = name.endswith(".") and length == len(parts)
            for child in self.children.get(start, []):
                if every or child.rpartition(".")[2] in words:
                    yield self.modules[child]
            return


def module_name(path: str) -> str:
    """``addon/jobs/store.py`` and ``addon/jobs/__init__.py`` as Python calls them."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
