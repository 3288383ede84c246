"""What git says: which files differ from the base, and what the base was like."""

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MAIN_BRANCHES: Final = ("origin/main", "main")


class NoSuchRevision(Exception):
    """The base that was asked for does not exist."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths relative to the tree, with forward slashes; a renamed file is in both."""

    base: str
    changed: frozenset[str]
    """Changed and new files."""
    deleted: frozenset[str]


def files(root: Path) -> set[str]:
    """The files of the working tree, but for the ignored ones."""
    listed = _paths(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    return {path for path in listed if (root / path).is_file()}


def changes(root: Path, base: str | None = None) -> Changes:
    """Everything that differs from ``base``: committed since, not committed, and untracked."""
    commit = _branching_point(root) if base is None else _commit(root, base)
    if commit is None:
        raise NoSuchRevision(f"there is no revision {base}")
    differing = set(_paths(root, "diff", "--name-only", "--no-renames", "--relative", "-z", commit))
    differing |= set(_paths(root, "ls-files", "--others", "--exclude-standard", "-z"))
    there = {path for path in differing if (root / path).is_file()}
    return Changes(commit, frozenset(there), frozenset(differing - there))


def extract(root: Path, commit: str, into: Path) -> set[str]:
    """Write the files of a commit into a folder; returns their paths."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", commit], cwd=root, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(into, filter="data")
    return {path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file()}


def _branching_point(root: Path) -> str:
    """Where this branch left the main one; on the main branch without a remote, HEAD."""
    main = next((branch for branch in MAIN_BRANCHES if _commit(root, branch)), "HEAD")
    return _git(root, "merge-base", "HEAD", main).strip()


def _commit(root: Path, revision: str) -> str | None:
    asked = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options"]
    found = subprocess.run(
        [*asked, f"{revision}^{{commit}}"], cwd=root, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None


def _paths(root: Path, *arguments: str) -> list[str]:
    return [path for path in _git(root, *arguments).split("\0") if path]


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, encoding="utf-8", check=True
    ).stdout
