"""Results as assets: marked in the open file, or saved into an asset library."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...catalog.messages import error_message
from ...jobs import asset_catalogs
from ..core import ids, session
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..placement import policy
from ..runtime import asset_libraries, asset_marking, asset_saving, cautions, job_monitor
from ..scene import assets, export_selection, provenance
from ..settings import job_choices
from ..settings.preferences import preferences_of
from ..snapshot import snapshot
from ..widgets.base import settings_layout
from ..widgets.text import paragraph
from .one_job import OneJobOperator
from .place import have_prepared
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job


NO_RESULT: Final = "Select a generated object first"


class _AssetOperator(OneJobOperator):
    """Base: ``job_id`` is the job of the result; without, it is the active object's."""

    def result(self, context: bpy.types.Context) -> list[bpy.types.Object]:
        """The objects that are meant, which may be none."""
        job_id = self.job_of(context)
        return assets.objects_of(context, job_id) if job_id else []

    def job_of(self, context: bpy.types.Context) -> str:
        """The id of the job that is meant; "" for none."""
        return self.job_id or provenance.job_of_active(context)


class STUDIO3D_OT_mark_asset(_AssetOperator):
    bl_idname = ids.OperatorId.MARK_ASSET
    bl_label = "Mark as Asset"
    bl_description = "Mark the result as an asset of this file, with tags, author and license"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        objects = self.result(context)
        if not objects:
            self.report({"WARNING"}, NO_RESULT)
            return {"CANCELLED"}
        marked, trouble = asset_marking.mark(context, self.job_of(context), objects)
        if trouble:
            self.report({"WARNING"}, trouble)
        self.report({"INFO"}, translate("Marked {name} as an asset", name=marked.name))
        return {"FINISHED"}


def _library_items(_operator: Any, context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
    libraries = [] if context is None else asset_libraries.all_of(context)
    _Items.libraries = [(str(one.folder), one.name, str(one.folder)) for one in libraries]
    return _Items.libraries


class _Items:
    """Blender does not keep the texts of an enumeration alive itself."""

    libraries: list[tuple[str, str, str]] = []


class STUDIO3D_OT_save_asset(_AssetOperator):
    bl_idname = ids.OperatorId.SAVE_ASSET
    bl_label = "Save to Asset Library…"
    bl_description = (
        "Write the result into an asset library as a file of its own, in the background"
    )
    # Nothing of the open file changes.
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        library: str
        catalog: str
        tags: str
        author: str
        license: str
        add_library: bool
    else:
        library: EnumProperty(
            name="Library",
            description="Folder that the asset is written into",
            items=_library_items,
            options={"SKIP_SAVE"},
        )
        catalog: StringProperty(
            name="Catalog",
            description="Catalog of the library, for example Props/Chairs; empty for none",
            options={"SKIP_SAVE"},
        )
        tags: StringProperty(
            name="Tags",
            description="Words to find the asset by, separated by commas",
            options={"SKIP_SAVE"},
        )
        author: StringProperty(
            name="Author", description="Who made the asset", options={"SKIP_SAVE"}
        )
        license: StringProperty(
            name="License", description="What others may do with the asset", options={"SKIP_SAVE"}
        )
        add_library: BoolProperty(
            name="Add Library to Preferences",
            description="Have Blender's asset browser show this folder",
            options={"SKIP_SAVE"},
        )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self._fill_in(context)
        return window_manager_of(context).invoke_props_dialog(
            self, title=translate("Save to Asset Library"), confirm_text="Save"
        )

    def _fill_in(self, context: bpy.types.Context) -> None:
        """What was not given: from the preferences, and from what is known of the result."""
        chosen = preferences_of(context)
        given = {
            "catalog": chosen.asset_catalog,
            "author": chosen.asset_author,
            "license": chosen.asset_license,
            "tags": ", ".join(assets.tags_of(*self._origin(context))),
        }
        for name, value in given.items():
            if not self.properties.is_property_set(name):
                setattr(self, name, value)

    def _origin(self, context: bpy.types.Context) -> tuple[str, str]:
        objects = self.result(context)
        if objects:
            return assets.origin_of(objects[0])
        row = snapshot.current().row(self.job_of(context))
        if row is None:
            return "", ""
        return str(row.job.values.get("prompt", "")), row.job.operation

    def draw(self, context: bpy.types.Context) -> None:
        column = settings_layout(layout_of(self))
        for name in ("library", "catalog", "tags", "author", "license"):
            column.prop(self, name)
        if not self._chosen_library(context).known:
            column.prop(self, "add_library")
        selection = export_selection.Selection(tuple(self.result(context)))
        for words in cautions.of_pictures(context, [selection]):
            paragraph(column, context, words, icon="ERROR")

    def _chosen_library(self, context: bpy.types.Context) -> "asset_libraries.Library":
        libraries = asset_libraries.all_of(context)
        found = (one for one in libraries if str(one.folder) == self.library)
        return next(found, libraries[0])

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        self._fill_in(context)
        row = snapshot.current().row(self.job_of(context))
        objects = self.result(context)
        library = self._chosen_library(context)
        try:
            source = _source(context, objects, None if row is None else row.job)
        except export_selection.SendFailed as error:
            self.report({"ERROR"}, translate(error_message(error)))
            return {"CANCELLED"}
        if source is None and row is not None and policy.is_from_newer_blender(row.job.prepared):
            return have_prepared(self, context, row.job)
        if source is None:
            self.report({"WARNING"}, NO_RESULT)
            return {"CANCELLED"}
        prompt, _ = self._origin(context)
        name = objects[0].name if len(objects) == 1 or row is None else row.job.name
        metadata = assets.Metadata(
            description=prompt or name,
            tags=tuple(tag for tag in (part.strip() for part in self.tags.split(",")) if tag),
            author=self.author,
            license=self.license,
        )
        order = source | {
            "kind": "saved",
            "name": name,
            "metadata": metadata.to_json(),
            "library": str(library.folder),
            "catalog": asset_catalogs.catalog_path(self.catalog),
        }
        if self.add_library and not library.known and not _add(self, context, library):
            return {"CANCELLED"}
        asset_saving.start(
            asset_saving.Saving(self.job_of(context), library.name, order, bool(objects))
        )
        job_monitor.wake()
        self.report({"INFO"}, translate("{name}: saved in the background", name=name))
        return {"FINISHED"}


def _source(
    context: bpy.types.Context, objects: list[bpy.types.Object], job: "Job | None"
) -> dict[str, Any] | None:
    """Where the background Blender finds the result; None where there is none it can read.

    As the artist has it in the scene, else as it was made ready. Raises SendFailed and
    StoreUnusable.
    """
    if objects:
        blend = Path(bpy.app.tempdir) / f"asset-{uuid.uuid4().hex}.blend"
        selection = export_selection.Selection(tuple(objects))
        export_selection.write_blend(selection, blend)
        return {"blend": str(blend)} | export_selection.export_settings(context, selection)
    if job is None or not job_choices.can_place(job) or job.prepared is None:
        return None
    if policy.is_from_newer_blender(job.prepared):
        return None
    session.store().note_uses("", [job.prepared.path])  # no clean-up may take it meanwhile
    return {
        "blend": str(job.prepared.path),
        "collection": job.prepared.collection,
        "objects": [],
        "matrices": [],
        "scale": 1.0,
    }


class STUDIO3D_OT_add_library(bpy.types.Operator):
    bl_idname = ids.OperatorId.ADD_LIBRARY
    bl_label = "Add Library to Preferences…"
    bl_description = "Have Blender's asset browser show the folder that results are saved into"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if asset_libraries.own(context).known:
            cls.poll_message_set(translate("The asset browser shows this folder already"))
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        return window_manager_of(context).invoke_confirm(
            self,
            event,
            title="Add Asset Library?",
            message=str(asset_libraries.own(context).folder),
            confirm_text="Add",
        )

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        library = asset_libraries.own(context)
        if not _add(self, context, library):
            return {"CANCELLED"}
        self.report({"INFO"}, translate("Added the asset library {name}", name=library.name))
        return {"FINISHED"}


def _add(
    operator: bpy.types.Operator, context: bpy.types.Context, library: "asset_libraries.Library"
) -> bool:
    """Add the library to the preferences, or say why that cannot be; tells whether it is there."""
    try:
        asset_libraries.add(context, library)
    except OSError as error:
        words = translate("The folder cannot be made: {error}", error=error.strerror)
        operator.report({"ERROR"}, words)
        return False
    return True


CLASSES = (STUDIO3D_OT_mark_asset, STUDIO3D_OT_save_asset, STUDIO3D_OT_add_library)
