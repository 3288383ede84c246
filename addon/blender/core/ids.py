"""Every identifier this extension registers in Blender, in one place."""

from enum import StrEnum
from typing import Any, Final, NamedTuple

import bpy

from ... import __package__ as _root_package
from ...catalog import Group

BASE_PACKAGE: Final[str] = str(_root_package)
"""Name of the installed package, ``bl_ext.<repository>.studio3d`` when it is an extension."""

EXTENSION: Final = "studio3d"
"""Id of the extension, prefix of its operators and name of ``Scene.studio3d``."""

TAB: Final = "3D AI Studio"
"""Sidebar tab of the 3D viewport, and name of the parent collection of placed results."""


CONTEXT: Final = EXTENSION
"""Translation context of our texts: Blender's own "Prompt", "Key" and "Normal" are other things."""


class OperatorId(StrEnum):
    """``bl_idname`` of every operator."""

    WATCH = "studio3d.watch"
    PLACE = "studio3d.place"
    FRAME = "studio3d.frame"
    GENERATE = "studio3d.generate"
    KEEP_ALTERNATIVE = "studio3d.keep_alternative"
    KEEP_ALL_ALTERNATIVES = "studio3d.keep_all_alternatives"
    RENDER_COMPARISON = "studio3d.render_comparison"
    SHOW_COMPARISON = "studio3d.show_comparison"
    GENERATE_PICTURE = "studio3d.generate_picture"
    GENERATE_DIALOG = "studio3d.generate_dialog"
    MAKE_CANDIDATES = "studio3d.make_candidates"
    SHOW_ROUND = "studio3d.show_round"
    SHOW_CANDIDATES = "studio3d.show_candidates"
    PICK_CANDIDATE = "studio3d.pick_candidate"
    MORE_LIKE_THIS = "studio3d.more_like_this"
    CANDIDATES_TO_3D = "studio3d.candidates_to_3d"
    USE_ASKED = "studio3d.use_asked"
    LOCK_SEED = "studio3d.lock_seed"
    NEW_SEED = "studio3d.new_seed"
    AGREE = "studio3d.agree"
    USE_PICTURE = "studio3d.use_picture"
    DROP_PICTURE = "studio3d.drop_picture"
    USE_IMAGE = "studio3d.use_image"
    USE_AS_VIEW = "studio3d.use_as_view"
    PICTURE_MENU = "studio3d.picture_menu"
    COMPARE_PICTURES = "studio3d.compare_pictures"
    OPEN_BESIDE = "studio3d.open_beside"
    SAVE_PICTURE = "studio3d.save_picture"
    EDIT_IMAGE = "studio3d.edit_image"
    PROMPT_SOURCES = "studio3d.prompt_sources"
    SET_PROMPT = "studio3d.set_prompt"
    PROMPT_AS_TEXT = "studio3d.prompt_as_text"
    ADD_MODEL_PRESET = "studio3d.add_model_preset"
    ADD_IMAGE_PRESET = "studio3d.add_image_preset"
    PICTURE_SOURCES = "studio3d.picture_sources"
    PICTURE_FROM_FILE = "studio3d.picture_from_file"
    PICTURE_FROM_IMAGE = "studio3d.picture_from_image"
    PICTURE_FROM_RENDER = "studio3d.picture_from_render"
    PICTURE_FROM_VIEWPORT = "studio3d.picture_from_viewport"
    PICTURE_FROM_CLIPBOARD = "studio3d.picture_from_clipboard"
    PICTURE_FROM_RESULT = "studio3d.picture_from_result"
    PICTURE_RESULTS = "studio3d.picture_results"
    CLEAR_PICTURE = "studio3d.clear_picture"
    VIEWS_FROM_OBJECT = "studio3d.views_from_object"
    CANCEL_VIEWS = "studio3d.cancel_views"
    SET_VIEWS = "studio3d.set_views"
    SEND = "studio3d.send"
    USE_TOOL = "studio3d.use_tool"
    USE_TOOL_FOR_FILE = "studio3d.use_tool_for_file"
    SHOW_VERSION = "studio3d.show_version"
    SWAP = "studio3d.swap"
    KEEP = "studio3d.keep"
    CHOOSE_RECIPE = "studio3d.choose_recipe"
    USE_RECIPE = "studio3d.use_recipe"
    SAVE_RECIPE = "studio3d.save_recipe"
    REMOVE_RECIPE = "studio3d.remove_recipe"
    ADD_THEN = "studio3d.add_then"
    ADD_THEN_ORDER = "studio3d.add_then_order"
    REMOVE_THEN = "studio3d.remove_then"
    REMOVE_THEN_ORDER = "studio3d.remove_then_order"
    CHECK_MODEL = "studio3d.check_model"
    ADD_STEP = "studio3d.add_step"
    SHOW_STEP = "studio3d.show_step"
    MOVE_STEP = "studio3d.move_step"
    REMOVE_STEP = "studio3d.remove_step"
    SHOW_PICTURES = "studio3d.show_pictures"
    OPEN_RESULT = "studio3d.open_result"
    SAVE_RESULT = "studio3d.save_result"
    COPY_FIGURES = "studio3d.copy_figures"
    SHOW_JOBS = "studio3d.show_jobs"
    CANCEL = "studio3d.cancel"
    KEEP_WAITING = "studio3d.keep_waiting"
    JOB_DETAILS = "studio3d.job_details"
    USE_SETTINGS = "studio3d.use_settings"
    PLACE_BY_CLICK = "studio3d.place_by_click"
    USE_GOAL = "studio3d.use_goal"
    RETRY = "studio3d.retry"
    FINISH_WITHOUT = "studio3d.finish_without"
    REMOVE = "studio3d.remove"
    JOB_MENU = "studio3d.job_menu"
    RUN_AGAIN = "studio3d.run_again"
    CONVERT_KEPT = "studio3d.convert_kept"
    IMPORT_AS_NEW = "studio3d.import_as_new"
    COPY_TASK_ID = "studio3d.copy_task_id"
    MARK_ASSET = "studio3d.mark_asset"
    SAVE_ASSET = "studio3d.save_asset"
    ADD_LIBRARY = "studio3d.add_library"
    OPEN_JOB_FOLDER = "studio3d.open_job_folder"
    RESULTS_PAGE = "studio3d.results_page"
    CLEAN_UP = "studio3d.clean_up"
    CLEAR_ENDED = "studio3d.clear_ended"
    PLACE_SAMPLE = "studio3d.place_sample"
    CHECK_CONNECTION = "studio3d.check_connection"
    FORGET_KEY = "studio3d.forget_key"
    SHOW_PREFERENCES = "studio3d.show_preferences"
    SHOW_ONLINE_ACCESS = "studio3d.show_online_access"
    OPEN_LOG = "studio3d.open_log"
    ABOUT = "studio3d.about"
    COPY_DIAGNOSTICS = "studio3d.copy_diagnostics"
    HIDE_UPDATE = "studio3d.hide_update"
    REVEAL_RESULTS = "studio3d.reveal_results"
    PRINT_CHECK = "studio3d.print_check"
    PRINT_CANCEL = "studio3d.print_cancel"
    PRINT_FINDING = "studio3d.print_finding"
    PRINT_HIDE_MARKS = "studio3d.print_hide_marks"
    PRINT_SIZE = "studio3d.print_size"
    PRINT_FIX = "studio3d.print_fix"
    PRINT_BASE = "studio3d.print_base"
    PRINT_HOLLOW = "studio3d.print_hollow"
    PRINT_SPLIT = "studio3d.print_split"
    PRINT_TAKE = "studio3d.print_take"
    PRINT_EXPORT = "studio3d.print_export"
    PRINT_OPEN_FOLDER = "studio3d.print_open_folder"
    PRINT_COLORS = "studio3d.print_colors"
    PRINT_SLICERS = "studio3d.print_slicers"
    PRINT_SLICE = "studio3d.print_slice"


class PanelId(StrEnum):
    """``bl_idname`` of every panel."""

    GENERATE = "STUDIO3D_PT_generate"
    CANDIDATES = "STUDIO3D_PT_candidates"
    CANDIDATE_ENGINES = "STUDIO3D_PT_candidate_engines"
    ASKED_BEFORE = "STUDIO3D_PT_asked_before"
    IMAGE = "STUDIO3D_PT_image"
    TOOLS = "STUDIO3D_PT_tools"
    PRINT = "STUDIO3D_PT_print"
    JOBS = "STUDIO3D_PT_jobs"
    JOBS_POPUP = "STUDIO3D_PT_jobs_popup"
    RESULTS = "STUDIO3D_PT_results"
    MODEL_PRESETS = "STUDIO3D_PT_model_presets"
    IMAGE_PRESETS = "STUDIO3D_PT_image_presets"
    ENGINES = "STUDIO3D_PT_engines"
    PICTURE_ENGINES = "STUDIO3D_PT_picture_engines"


class MenuId(StrEnum):
    """``bl_idname`` of every menu."""

    ADD = "STUDIO3D_MT_add"
    OBJECT = "STUDIO3D_MT_object"
    IMAGE = "STUDIO3D_MT_image"
    SLICERS = "STUDIO3D_MT_slicers"


class GroupIds(NamedTuple):
    """``bl_idname`` of what is made for a group of the catalogue that has a panel of its own."""

    panel: str
    presets: str
    order: str
    """The operator behind the panel's button."""
    add_preset: str


def of_group(group: Group) -> GroupIds:
    """The identifiers of what is made for the group."""
    panel = f"STUDIO3D_PT_{group.identifier}"
    return GroupIds(
        panel,
        f"{panel}_presets",
        f"{EXTENSION}.make_{group.identifier}",
        f"{EXTENSION}.add_{group.identifier}_preset",
    )


def operator(operator_id: str) -> Any:
    """The operator as a function of ``bpy.ops``."""
    module, _, name = operator_id.partition(".")
    return getattr(getattr(bpy.ops, module), name)


def rna_name(operator_id: str) -> str:
    """The operator's class name in RNA, for example ``STUDIO3D_OT_watch``."""
    prefix, _, name = operator_id.partition(".")
    return f"{prefix.upper()}_OT_{name}"
