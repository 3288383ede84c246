"""A layout that notes what is drawn into it, for draw functions outside a window."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import bpy


@dataclass
class RecordingLayout:
    """Stands in for ``bpy.types.UILayout`` and all layouts made from it."""

    labels: list[str] = field(default_factory=list)
    properties: list[tuple[Any, str]] = field(default_factory=list)
    """Owner and name of every property drawn."""
    operators: list[tuple[str, SimpleNamespace]] = field(default_factory=list)
    """Identifier of every button's operator and the properties given to it."""
    texts: list[str] = field(default_factory=list)
    """Texts of buttons, where they were given."""
    icons: list[str] = field(default_factory=list)
    """Icons of labels, where they were given."""
    menus: list[str] = field(default_factory=list)
    popovers: list[str] = field(default_factory=list)
    bars: list[tuple[str, float]] = field(default_factory=list)
    open_panels: bool = True
    pictures: int = 0
    """How many small pictures were drawn."""

    def row(self, **_options: Any) -> "RecordingLayout":
        return self

    column = split = box = row

    def panel(self, _name: str, **_options: Any) -> tuple["RecordingLayout", Any]:
        return self, self if self.open_panels else None

    def label(self, *, text: str = "", icon: str = "", **_options: Any) -> None:
        self.labels.append(text)
        self.icons += [icon] if icon else []

    def prop(self, owner: Any, name: str, **_options: Any) -> None:
        owner.bl_rna.properties[name]  # drawing what does not exist is an error in Blender as well
        self.properties.append((owner, name))

    def prop_search(
        self, owner: Any, name: str, among: Any, collection: str, **options: Any
    ) -> None:
        assert among.bl_rna.properties[collection].type == "COLLECTION"
        self.prop(owner, name, **options)

    def operator_menu_enum(self, identifier: str, name: str, text: str, **_options: Any) -> None:
        module, _, called = str(identifier).partition(".")
        rna = getattr(getattr(bpy.ops, module), called).get_rna_type()
        assert rna.properties[name].type == "ENUM"
        self.texts.append(text)
        self.operators.append((str(identifier), SimpleNamespace()))

    def prop_enum(self, owner: Any, name: str, value: str, **_options: Any) -> None:
        assert value in owner.bl_rna.properties[name].enum_items
        self.properties.append((owner, name))

    def popover(self, *, panel: str, text: str, **_options: Any) -> None:
        self.popovers.append(str(panel))
        self.texts.append(text)
        inside = RecordingLayout()  # what can be set there can be set from here
        getattr(bpy.types, panel).draw(SimpleNamespace(layout=inside), bpy.context)
        self.properties += inside.properties

    def operator(self, identifier: str, text: str = "", **options: Any) -> SimpleNamespace:
        marked = {name: options[name] for name in ("depress",) if name in options}
        given = SimpleNamespace(**marked)
        self.texts += [text] if text else []
        self.operators.append((str(identifier), given))
        return given

    def menu(self, identifier: str, **_options: Any) -> None:
        self.menus.append(str(identifier))

    def progress(self, *, text: str, factor: float) -> None:
        self.bars.append((text, factor))

    def separator(self, **_options: Any) -> None:
        return

    def template_icon(self, *, icon_value: int, scale: float) -> None:
        assert icon_value
        assert scale
        self.pictures += 1

    @property
    def text(self) -> str:
        """All labels as one text, lines joined: wrapping does not matter."""
        return " ".join(self.labels)

    def buttons(self, job_id: str | None = None) -> list[str]:
        """Operators drawn, or those of one job."""
        return list(self._buttons(job_id))

    def _buttons(self, job_id: str | None) -> Iterator[str]:
        for identifier, given in self.operators:
            if job_id is None or getattr(given, "job_id", None) == job_id:
                yield identifier
