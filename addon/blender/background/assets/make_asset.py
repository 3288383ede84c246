"""From one order to the files of one asset."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ....catalog import Mode
from ....jobs.job import Job
from ....jobs.states import State
from ...model.failure import PreparationFailed
from ...scene import provenance
from .. import original_file
from ..pictures import preview
from ..preparation import figures, open_model, write
from . import extras, library, pictures, prints, save_asset, steps

__all__ = ["PreparationFailed", "make"]

PREVIEW = "preview.png"


def make(order: Mapping[str, Any]) -> dict[str, Any]:
    """Make everything the order asks for in its folder ``to``; returns the report's content.

    The kind ``saved`` is for a result that is in a .blend already; see ``save_asset``.
    """
    if order["kind"] == "saved":
        return save_asset.make(order)
    to, files = Path(order["to"]), [Path(name) for name in order["files"]]
    if order["kind"] == "pictures":
        pictures.shrink(files[0], to / PREVIEW)
        return {"preview": PREVIEW}
    return _make_model(order, files, to)


def _make_model(order: Mapping[str, Any], files: list[Path], to: Path) -> dict[str, Any]:
    post, stem = order["post"], order["stem"]
    root = Path(order["root"]) if order.get("root") else None
    others = [[Path(name) for name in names] for names in order.get("others", [])]
    model = open_model(files, order["name"], root=root, others=others)
    if order.get("original"):
        original_file.bake_textures(
            model, [Path(name) for name in order["original"]], post["textures"]
        )
    steps.apply(model, post)
    provenance.mark(model.objects, _job(order, to))
    preview.render(model.objects, to / PREVIEW)
    printing = post.get("printing")
    made = extras.Extras()
    extras.make(model, post, made)
    formats = prints.without_own(["glb", *post["exports"]], printing)
    extras.write(model, made, formats, to, stem)
    if post["asset"]:
        library.mark(model, order, to / PREVIEW)
    blend = f"{stem}.blend"
    extras.put_away(model, made)
    if post["asset"] and len(model.objects) > 1:
        library.write_file(to / blend)
    else:
        write(model.collection, to / blend)
    counted = {f"lod{number}": level.triangles for number, level in enumerate(made.levels, 1)}
    known, left_out = figures(model), list(model.left_out)
    said = {
        "blend": blend,
        "preview": PREVIEW,
        "figures": {**{name: known[name] for name in SHOWN_FIGURES}, **counted},
        "left_out": left_out,
    }
    if printing is None:
        return said
    prints.write_source(model, to, stem)
    return said | {"print": prints.make(printing, to, stem, left_out)}


SHOWN_FIGURES = ("blender_version", "objects", "triangles", "dimensions")


def _job(order: Mapping[str, Any], folder: Path) -> Job:
    """The job the asset comes from, as far as custom properties tell of it."""
    origin = order["job"]
    mode = None if origin.get("mode") is None else Mode(origin["mode"])
    return Job(
        id=origin["id"],
        operation=origin["operation"],
        values=origin["values"],
        mode=mode,
        name=order["name"],
        state=State.READY,
        service_address=origin["service_address"],
        folder=folder,
        created_at=0.0,
        updated_at=0.0,
        task_id=origin["task_id"],
        estimate=origin["estimate"],
    )
