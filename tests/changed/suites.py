"""The suites, what each depends on as a whole, and what files that are not Python mean."""

import tomllib
from collections.abc import Iterable
from enum import Enum
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Final

from tests.changed.graph import Graph, Need

IN_BLENDER: Final = {"blender": "tests/blender", "window": "tests/window"}
"""Suites that test the installed extension -> their folder."""
SUITES: Final = ("plain", *IN_BLENDER)
RULES_OF_THE_TREE: Final = "tests/package/"
"""These read every file of the tree: they run whenever anything changed."""

HARNESS: Final = (Need("tests/blender/run.py", used=False), Need("tests/blender/run_in_blender.py"))
"""Runs every file of tests/blender; its sandboxes only when a test asks for one."""
COMMAND: Final = frozenset(
    {"addon/blender/scripting/command.py", "addon/blender/scripting/headless.py"}
)
"""Lead to the command line, which runs only for who runs these by name."""
VALIDATOR: Final = "tests/gltf_validator.cjs"


class Means(Enum):
    """What a change of a file that is not Python can break."""

    EVERYTHING = "everything"
    BLENDER = "the tests in Blender"
    SHIPPED = "what tests the built extension, what names the file, and its folder's package"
    NAMED = "what names the file"
    VALIDATOR = "what uses the glTF validator"


OTHER_FILES: Final = (
    ("Makefile", Means.EVERYTHING),
    ("pyproject.toml", Means.EVERYTHING),
    (".ci/*", Means.EVERYTHING),
    ("scripts/get_*.sh", Means.EVERYTHING),
    ("requirements/bpy-*", Means.BLENDER),
    ("requirements/blender-site.*", Means.BLENDER),
    ("requirements/*", Means.EVERYTHING),
    ("package.json", Means.VALIDATOR),
    ("package-lock.json", Means.VALIDATOR),
    (VALIDATOR, Means.NAMED),
    ("addon/*", Means.SHIPPED),
    ("blender_manifest.toml", Means.SHIPPED),
    ("LICENSE", Means.SHIPPED),
    ("THIRD_PARTY.md", Means.SHIPPED),
    ("*.md", Means.NAMED),
    ("tests/*.txt", Means.NAMED),
    ("tests/windows/*", Means.NAMED),
    ("docs/images/*", Means.NAMED),
    ("scripts/farm/*.yaml", Means.NAMED),
    (".gitignore", Means.NAMED),
    ("mkdocs.yml", Means.NAMED),
)
"""The first pattern that fits decides; what fits none breaks everything."""
WHOLE_SUITE: Final = {
    "plain": {Means.EVERYTHING},
    "blender": {Means.EVERYTHING, Means.SHIPPED, Means.BLENDER},
    "window": {Means.EVERYTHING, Means.SHIPPED},
}
"""A change that means this runs the suite from end to end."""
PYTHON: Final = ("addon/*.py", "scripts/*.py", "tests/*.py", "examples/*.py")
"""The graph knows who needs these."""


def meaning(path: str) -> Means:
    """What a change of that file means; Python's files mean who needs them."""
    if any(fnmatch(path, pattern) for pattern in PYTHON):
        return Means.NAMED
    fitting = (means for pattern, means in OTHER_FILES if fnmatch(path, pattern))
    return next(fitting, Means.EVERYTHING)


def suite_files(graph: Graph, suite: str) -> list[str]:
    """Every test file of the suite."""
    folders = [IN_BLENDER[suite]] if suite in IN_BLENDER else _plain_folders(graph)
    return sorted(
        path
        for path in graph.paths
        if fnmatch(PurePosixPath(path).name, "test_*.py")
        and any(path.startswith(f"{folder}/") for folder in folders)
    )


def broken(graph: Graph, suite: str, changed: Iterable[str]) -> list[str]:
    """The test files of the suite that a change of these files can break."""
    paths = set(changed)
    if not paths:
        return []
    meanings = {meaning(path) for path in paths}
    if meanings & WHOLE_SUITE[suite]:
        return suite_files(graph, suite)
    paths |= {stand_in for path in paths for stand_in in _stand_ins(path)}
    common = _common_needs(graph, suite)
    return [
        test
        for test in suite_files(graph, suite)
        if test.startswith(RULES_OF_THE_TREE)
        or not paths.isdisjoint(common)
        or not paths.isdisjoint(need.path for need in graph.test_needs(test))
    ]


def _stand_ins(path: str) -> list[str]:
    """Files whose users use this one as well."""
    match meaning(path):
        case Means.VALIDATOR:
            return [VALIDATOR]
        case Means.SHIPPED:
            return [str(PurePosixPath(path).with_name("__init__.py"))]
        case _:
            return []


def _plain_folders(graph: Graph) -> list[str]:
    settings = tomllib.loads((graph.root / "pyproject.toml").read_text(encoding="utf-8"))
    folders: list[str] = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    return folders


def _common_needs(graph: Graph, suite: str) -> set[str]:
    """What every test file of the suite needs."""
    if suite not in IN_BLENDER:
        return set()
    inside = {path for path in graph.paths if path.startswith("addon/blender/")} - COMMAND
    starts = [Need("addon/__init__.py"), *map(Need, inside)]
    if suite == "blender":
        starts += HARNESS
    return {need.path for need in graph.needs(starts)} | COMMAND
