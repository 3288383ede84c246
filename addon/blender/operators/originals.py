"""A result and the original it stands for: see the other one, keep one of them."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import EnumProperty

from ..core import ids
from ..core.access import present, view_layer_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..scene import hiding, object_links, parenting

Pair = tuple[bpy.types.Object, list[bpy.types.Object]]


def _pair(context: bpy.types.Context) -> Pair | None:
    scene = context.scene
    return None if scene is None else object_links.pair_of(scene, context.active_object)


class _PairOperator(bpy.types.Operator):
    """Base of the operators on the active object and its counterpart."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode != "OBJECT":
            cls.poll_message_set(translate("Switch to Object Mode first"))
            return False
        if _pair(context) is None:
            cls.poll_message_set(translate("The active object has no original or result"))
            return False
        return True


class STUDIO3D_OT_swap(_PairOperator):
    bl_idname = ids.OperatorId.SWAP
    bl_label = "Swap Original and Result"
    bl_description = "Show the original instead of the result, or the result again"

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        result, originals = present(_pair(context), "pair")
        layer = view_layer_of(context)
        to_original = hiding.is_hidden(originals[0])
        shown, hidden = ([result], originals) if to_original else (originals, [result])
        hiding.follow(hidden[0], shown[0])
        hiding.exchange(shown[0], _with_parts(hidden), layer)
        for obj in _with_parts(shown):
            hiding.hide(obj, layer)
        parenting.adopt_children(shown[0], hidden[0], besides=_with_parts([result]))
        suffix = hiding.RESULT if to_original else hiding.ORIGINAL
        hiding.swap_names(shown[0], hidden[0], suffix)
        _activate(layer, hidden[0])
        self.report({"INFO"}, "Original shown" if to_original else "Result shown")
        return {"FINISHED"}


class STUDIO3D_OT_keep(_PairOperator):
    bl_idname = ids.OperatorId.KEEP
    bl_label = "Keep"

    if TYPE_CHECKING:
        keep: str
    else:
        keep: EnumProperty(
            name="Keep",
            items=(
                ("RESULT", "Result", "Remove the original"),
                ("ORIGINAL", "Original", "Remove the result"),
            ),
        )

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        if properties.keep == "RESULT":
            return translate("Keep the result and remove the original from the file")
        return translate("Keep the original and remove the result from the file")

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        result, originals = present(_pair(context), "pair")
        if (self.keep == "ORIGINAL") == hiding.is_hidden(originals[0]):
            ids.operator(ids.OperatorId.SWAP)()
        kept, others = (result, originals) if self.keep == "RESULT" else (originals[0], [result])
        object_links.unlink(result)
        name = kept.name
        removed = _with_parts(others)
        for one in removed:
            parenting.adopt_orphans(one, kept, besides=removed)
        bpy.data.batch_remove(removed)
        _activate(view_layer_of(context), kept)
        self.report({"INFO"}, translate("Kept {name}", name=name))
        return {"FINISHED"}


def _with_parts(objects: list[bpy.types.Object]) -> list[bpy.types.Object]:
    """The objects, and the pieces of a result that came in parts."""
    return [*objects, *(piece for obj in objects for piece in object_links.parts_of(obj))]


def _activate(layer: bpy.types.ViewLayer, obj: bpy.types.Object) -> None:
    if obj.name in layer.objects:
        obj.select_set(True, view_layer=layer)
        layer.objects.active = obj


CLASSES = (STUDIO3D_OT_swap, STUDIO3D_OT_keep)
