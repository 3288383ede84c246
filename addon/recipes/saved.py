"""Recipes that people have saved: a small file each, to be handed on as it is."""

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..catalog.messages import Message, error_message
from ..service import json_text, whole_files
from ..service.names import free_path, safe_name
from .post import BadStep, parse_post, split
from .recipe import SHIPPED, Recipe

log = logging.getLogger(__name__)

SUFFIX: Final = ".json"
MOST_BYTES: Final = 100_000
STEPS: Final = "steps"
NAME: Final = "recipe"


class BadRecipe(ValueError):
    """There is no such recipe, or it cannot be read or written; the text says why."""


@dataclass(frozen=True, slots=True)
class Recipes:
    """Those that come along, and those in a folder."""

    folder: Path | None = None
    """None: only those that come along."""

    def find(self, name: str, near: Path | None = None) -> Recipe:
        """The recipe of that name, or in that file; raises BadRecipe.

        ``near`` is where the path of a file counts from.
        """
        wanted = name.strip()
        if wanted in SHIPPED:
            return SHIPPED[wanted]
        if wanted.lower().endswith(SUFFIX):
            return read(Path(wanted) if near is None else near / wanted)
        for recipe in self.saved():
            if recipe.name == wanted:
                return recipe
        known = ", ".join([*SHIPPED, *(recipe.name for recipe in self.saved())])
        raise BadRecipe(
            Message('There is no recipe "{name}". There are: {known}.', name=wanted, known=known)
        )

    def of_steps(self, steps: str) -> Recipe:
        """The recipe that has just these steps, or one without a name; raises BadStep."""
        wanted = parse_post(steps)
        known = (*SHIPPED.values(), *self.saved())
        same = (recipe for recipe in known if parse_post(recipe.steps) == wanted)
        return next(same, Recipe("", "", steps))

    def saved(self) -> list[Recipe]:
        """Those that people have saved, sorted; files that cannot be read are left out."""
        return sorted(self._by_file().values(), key=lambda recipe: recipe.name.casefold())

    def _by_file(self) -> dict[Path, Recipe]:
        found: dict[Path, Recipe] = {}
        if self.folder is None or not self.folder.is_dir():
            return found
        for file in sorted(self.folder.glob(f"*{SUFFIX}")):
            try:
                found[file] = read(file)
            except BadRecipe as error:
                log.warning("%s", error)
        return found

    def _file_of(self, name: str) -> Path | None:
        """Where the recipe of that name is saved."""
        return next((file for file, one in self._by_file().items() if one.name == name), None)

    def save(self, name: str, steps: str) -> Recipe:
        """Write it down, in place of one of that name; raises BadRecipe."""
        if self.folder is None:
            raise BadRecipe("There is no folder for recipes.")
        name = name.strip()
        if not name or name in SHIPPED:
            raise BadRecipe("Choose another name: this one is taken by a recipe that comes along.")
        recipe = _checked(Recipe(name, name, steps), name)
        text = json.dumps({NAME: name, STEPS: split(steps)}, ensure_ascii=False, indent=1)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = self._file_of(name) or free_path(self.folder, safe_name(name), SUFFIX)
            part = file.with_name(f"{file.name}.{os.getpid()}.part")
            whole_files.write(file, text.encode(), part=part)
        except OSError as error:
            words = Message("The recipe could not be written: {error}", error=error)
            raise BadRecipe(words) from error
        return recipe

    def remove(self, name: str) -> None:
        """Remove a saved one; raises BadRecipe."""
        file = self._file_of(name)
        if file is None:
            raise BadRecipe(Message('There is no saved recipe "{name}".', name=name))
        try:
            whole_files.remove(file)
        except OSError as error:
            words = Message("The recipe could not be removed: {error}", error=error)
            raise BadRecipe(words) from error


def read(file: Path) -> Recipe:
    """The recipe in a file; raises BadRecipe."""
    try:
        with whole_files.open_to_read(file) as opened:
            document = json_text.read(opened.read(MOST_BYTES))
        name, steps = str(document[NAME]), document[STEPS]
        text = steps if isinstance(steps, str) else "; ".join(map(str, steps))
    except OSError as error:
        words = Message("{name} cannot be read: {error}", name=file.name, error=error)
        raise BadRecipe(words) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadRecipe(Message("{name} is no recipe.", name=file.name)) from error
    return _checked(Recipe(name, name, text), file.name)


def _checked(recipe: Recipe, place: str) -> Recipe:
    try:
        parse_post(recipe.steps)
    except BadStep as error:
        raise BadRecipe(
            Message("{name}: {reason}", name=place, reason=error_message(error))
        ) from error
    return recipe
