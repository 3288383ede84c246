"""Choosing what is done with results: a recipe, or steps one by one; and saving them as one."""

from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import EnumProperty, IntProperty, StringProperty

from ...catalog import Mode, get
from ...catalog.messages import error_message
from ...recipes import post
from ...recipes import recipe as recipes
from ...recipes import saved as saved_recipes
from ...recipes.local_steps import ALL
from ..core import ids, paths
from ..core.access import call_with, layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..settings import recipe_settings
from ..settings.properties import draft_of, settings_of
from ..snapshot.redraw import redraw

if TYPE_CHECKING:
    from ...recipes.recipe import Recipe
    from ...recipes.saved import Recipes


def known() -> "Recipes":
    """Those that come along, and those that people have saved."""
    return saved_recipes.Recipes(paths.places().recipes)


class STUDIO3D_OT_choose_recipe(bpy.types.Operator):
    """A menu of recipes, read when it opens."""

    bl_idname = ids.OperatorId.CHOOSE_RECIPE
    bl_label = "Recipe"
    bl_description = "Choose what is done with every result of the order"
    bl_options = {"INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        saved = known().saved()

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            _draw_menu(menu.layout, saved)

        window_manager_of(context).popup_menu(draw, title=translate(self.bl_label))
        return {"FINISHED"}


def _draw_menu(layout: bpy.types.UILayout, saved: "list[Recipe]") -> None:
    call_with(layout.operator(ids.OperatorId.USE_RECIPE, text="Nothing", icon="X"), name="")
    layout.separator()
    for recipe in recipes.SHIPPED.values():
        item = layout.operator(ids.OperatorId.USE_RECIPE, text=recipe.label, icon="PRESET")
        call_with(item, name=recipe.name)
    if saved:
        layout.separator()
    layout.operator_context = "INVOKE_DEFAULT"
    for recipe in saved:
        row = layout.row()
        item = row.operator(
            ids.OperatorId.USE_RECIPE, text=recipe.label, icon="USER", translate=False
        )
        call_with(item, name=recipe.name)
        gone = row.operator(ids.OperatorId.REMOVE_RECIPE, text="", icon="TRASH", emboss=False)
        call_with(gone, name=recipe.name)
    layout.separator()
    layout.operator(ids.OperatorId.SAVE_RECIPE, icon="FILE_TICK")


class _Named(bpy.types.Operator):
    """Base of what is done with the recipe of a name."""

    if TYPE_CHECKING:
        name: str
    else:
        name: StringProperty(options={"HIDDEN", "SKIP_SAVE"})


class STUDIO3D_OT_use_recipe(_Named):
    bl_idname = ids.OperatorId.USE_RECIPE
    bl_label = "Use Recipe"
    bl_description = "Let the steps of this recipe be done with every result of the order"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        name = str(properties.name)
        if not name:
            return translate("Take results as they come")
        recipe = recipes.SHIPPED.get(name)
        return translate(recipe.sentence if recipe is not None else cls.bl_description)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        then = settings_of(context).then
        if not self.name:
            recipe_settings.clear(then)
            redraw()
            return {"FINISHED"}
        try:
            recipe_settings.use(then, known().find(self.name))
        except (saved_recipes.BadRecipe, post.BadStep) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        redraw()  # Blender does not for what a script sets
        return {"FINISHED"}


class STUDIO3D_OT_save_recipe(_Named):
    bl_idname = ids.OperatorId.SAVE_RECIPE
    bl_label = "Save as Recipe…"
    bl_description = "Save these steps under a name, for other files, lists and scripts as well"
    bl_options = {"INTERNAL"}

    if not TYPE_CHECKING:
        name: StringProperty(
            name="Name",
            description="What the recipe is called, here, in lists and in scripts",
            options={"SKIP_SAVE"},
            translation_context=ids.CONTEXT,
        )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        is_there = bool(recipe_settings.steps_of(settings_of(context).then))
        if not is_there:
            cls.poll_message_set(translate("Add a step first"))
        return is_there

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        return window_manager_of(context).invoke_props_dialog(
            self, title=translate("Save as Recipe"), confirm_text="Save"
        )

    def draw(self, _context: bpy.types.Context) -> None:
        layout = layout_of(self)
        layout.activate_init = True
        layout.prop(self, "name")

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        then = settings_of(context).then
        try:
            recipe = known().save(self.name, recipe_settings.steps_of(then))
        except saved_recipes.BadRecipe as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        recipe_settings.call_by(then, recipe)
        self.report({"INFO"}, translate("Saved the recipe {name}", name=recipe.label))
        return {"FINISHED"}


class STUDIO3D_OT_remove_recipe(_Named):
    bl_idname = ids.OperatorId.REMOVE_RECIPE
    bl_label = "Remove Recipe…"
    bl_description = "Remove this recipe from those that are saved"
    bl_options = {"INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        return window_manager_of(context).invoke_confirm(self, event)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        try:
            known().remove(self.name)
        except saved_recipes.BadRecipe as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        return {"FINISHED"}


class STUDIO3D_OT_add_then(bpy.types.Operator):
    bl_idname = ids.OperatorId.ADD_THEN
    bl_label = "Add Step"
    bl_description = "Let this be done with every result, on this computer and free of charge"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        step: str
    else:
        step: EnumProperty(
            name="Step",
            description="What is done with the result",
            items=[(step.name, step.label, step.description) for step in ALL.values()],
            translation_context=ids.CONTEXT,
        )

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        recipe_settings.add(settings_of(context).then, ALL[self.step])
        return {"FINISHED"}


class STUDIO3D_OT_add_then_order(bpy.types.Operator):
    bl_idname = ids.OperatorId.ADD_THEN_ORDER
    bl_label = "Add Paid Step"
    bl_description = (
        "Order this with every result, with the settings that the Tools panel has for it now"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        operation: str
    else:
        operation: EnumProperty(
            name="Tool",
            description="What the service does with the result",
            items=[(one.name, one.label, one.summary) for one in recipe_settings.paid_steps()],
            translation_context=ids.CONTEXT,
        )

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        settings, operation = settings_of(context), get(self.operation)
        values = dict(draft_of(settings, operation, Mode.MODEL).values)
        options = recipe_settings.options_of(operation, values)
        recipe_settings.add_order(settings.then, operation.name, options)
        return {"FINISHED"}


class STUDIO3D_OT_remove_then(bpy.types.Operator):
    bl_idname = ids.OperatorId.REMOVE_THEN
    bl_label = "Remove Step"
    bl_description = "Let this no longer be done with results"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        step: str
    else:
        step: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        is_gone = recipe_settings.remove(settings_of(context).then, self.step)
        return {"FINISHED"} if is_gone else {"CANCELLED"}  # a click that came late


class STUDIO3D_OT_remove_then_order(bpy.types.Operator):
    bl_idname = ids.OperatorId.REMOVE_THEN_ORDER
    bl_label = "Remove Step"
    bl_description = "Let this no longer be ordered with results"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        index: int
    else:
        index: IntProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        is_gone = recipe_settings.remove_order(settings_of(context).then, self.index)
        return {"FINISHED"} if is_gone else {"CANCELLED"}  # a click that came late


CLASSES = (
    STUDIO3D_OT_choose_recipe,
    STUDIO3D_OT_use_recipe,
    STUDIO3D_OT_save_recipe,
    STUDIO3D_OT_remove_recipe,
    STUDIO3D_OT_add_then,
    STUDIO3D_OT_add_then_order,
    STUDIO3D_OT_remove_then,
    STUDIO3D_OT_remove_then_order,
)
