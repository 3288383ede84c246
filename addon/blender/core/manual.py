"""Which page of the manual tells about which operator, for F1 and *Online Manual* in menus.

The pages lie beside the package, made from ``docs`` when the zip is built: they are those of the
version that is installed, and need no network.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import bpy

from .ids import EXTENSION, OperatorId

FOLDER: Final = "manual"
START: Final = "panels"
"""The page that all others are reached from."""

PAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "panels#generate": (
        OperatorId.GENERATE,
        OperatorId.GENERATE_DIALOG,
        OperatorId.ADD_MODEL_PRESET,
        OperatorId.USE_GOAL,
        OperatorId.PROMPT_SOURCES,
        OperatorId.SET_PROMPT,
        OperatorId.PROMPT_AS_TEXT,
        OperatorId.AGREE,
    ),
    "placement#several-results-to-choose-from": (
        OperatorId.KEEP_ALTERNATIVE,
        OperatorId.KEEP_ALL_ALTERNATIVES,
        OperatorId.RENDER_COMPARISON,
        OperatorId.SHOW_COMPARISON,
    ),
    "candidates": (
        OperatorId.MAKE_CANDIDATES,
        OperatorId.SHOW_ROUND,
        OperatorId.SHOW_CANDIDATES,
        OperatorId.PICK_CANDIDATE,
        OperatorId.MORE_LIKE_THIS,
        OperatorId.CANDIDATES_TO_3D,
    ),
    "candidates#asked-before": (OperatorId.USE_ASKED, OperatorId.LOCK_SEED, OperatorId.NEW_SEED),
    "recipes#in-the-sidebar": (
        OperatorId.CHOOSE_RECIPE,
        OperatorId.USE_RECIPE,
        OperatorId.SAVE_RECIPE,
        OperatorId.REMOVE_RECIPE,
        OperatorId.ADD_THEN,
        OperatorId.ADD_THEN_ORDER,
        OperatorId.REMOVE_THEN,
        OperatorId.REMOVE_THEN_ORDER,
    ),
    "panels#pictures": (
        OperatorId.PICTURE_SOURCES,
        OperatorId.PICTURE_FROM_FILE,
        OperatorId.PICTURE_FROM_IMAGE,
        OperatorId.PICTURE_FROM_RENDER,
        OperatorId.PICTURE_FROM_VIEWPORT,
        OperatorId.PICTURE_FROM_CLIPBOARD,
        OperatorId.PICTURE_FROM_RESULT,
        OperatorId.PICTURE_RESULTS,
        OperatorId.CLEAR_PICTURE,
        OperatorId.VIEWS_FROM_OBJECT,
        OperatorId.CANCEL_VIEWS,
        OperatorId.SET_VIEWS,
        OperatorId.DROP_PICTURE,
    ),
    "panels#image": (
        OperatorId.GENERATE_PICTURE,
        OperatorId.ADD_IMAGE_PRESET,
        OperatorId.USE_PICTURE,
        OperatorId.USE_IMAGE,
        OperatorId.USE_AS_VIEW,
        OperatorId.PICTURE_MENU,
        OperatorId.COMPARE_PICTURES,
        OperatorId.OPEN_BESIDE,
        OperatorId.SAVE_PICTURE,
        OperatorId.EDIT_IMAGE,
    ),
    "round_trip": (
        OperatorId.SEND,
        OperatorId.USE_TOOL,
        OperatorId.CHECK_MODEL,
    ),
    "round_trip#versions": (OperatorId.SHOW_VERSION, OperatorId.SWAP, OperatorId.KEEP),
    "round_trip#steps": (
        OperatorId.ADD_STEP,
        OperatorId.SHOW_STEP,
        OperatorId.MOVE_STEP,
        OperatorId.REMOVE_STEP,
    ),
    "printing#in-the-sidebar": (
        OperatorId.PRINT_CHECK,
        OperatorId.PRINT_CANCEL,
        OperatorId.PRINT_FINDING,
        OperatorId.PRINT_HIDE_MARKS,
        OperatorId.PRINT_SIZE,
        OperatorId.PRINT_TAKE,
        OperatorId.PRINT_EXPORT,
        OperatorId.PRINT_OPEN_FOLDER,
        OperatorId.PRINT_SLICERS,
        OperatorId.PRINT_SLICE,
    ),
    "printing#what-is-mended": (OperatorId.PRINT_FIX,),
    "printing#a-base": (OperatorId.PRINT_BASE,),
    "printing#hollow": (OperatorId.PRINT_HOLLOW,),
    "printing#parts": (OperatorId.PRINT_SPLIT,),
    "printing#a-few-colors": (OperatorId.PRINT_COLORS,),
    "panels#jobs": (
        OperatorId.WATCH,
        OperatorId.SHOW_JOBS,
        OperatorId.CANCEL,
        OperatorId.KEEP_WAITING,
        OperatorId.JOB_DETAILS,
        OperatorId.USE_SETTINGS,
        OperatorId.RETRY,
        OperatorId.REMOVE,
        OperatorId.JOB_MENU,
        OperatorId.RUN_AGAIN,
        OperatorId.COPY_TASK_ID,
        OperatorId.OPEN_JOB_FOLDER,
        OperatorId.CLEAR_ENDED,
    ),
    "recipes#when-a-paid-step-fails": (OperatorId.FINISH_WITHOUT,),
    "placement": (
        OperatorId.PLACE,
        OperatorId.FRAME,
        OperatorId.PLACE_BY_CLICK,
        OperatorId.IMPORT_AS_NEW,
    ),
    "panels#results": (
        OperatorId.RESULTS_PAGE,
        OperatorId.SHOW_PICTURES,
        OperatorId.OPEN_RESULT,
        OperatorId.SAVE_RESULT,
        OperatorId.COPY_FIGURES,
        OperatorId.USE_TOOL_FOR_FILE,
        OperatorId.CONVERT_KEPT,
        OperatorId.CLEAN_UP,
        OperatorId.REVEAL_RESULTS,
    ),
    "assets": (OperatorId.MARK_ASSET, OperatorId.SAVE_ASSET, OperatorId.ADD_LIBRARY),
    "panels#preferences": (
        OperatorId.CHECK_CONNECTION,
        OperatorId.FORGET_KEY,
        OperatorId.SHOW_PREFERENCES,
        OperatorId.SHOW_ONLINE_ACCESS,
        OperatorId.PLACE_SAMPLE,
    ),
    "panels#when-something-does-not-work": (
        OperatorId.OPEN_LOG,
        OperatorId.ABOUT,
        OperatorId.COPY_DIAGNOSTICS,
        OperatorId.HIDE_UPDATE,
    ),
}
"""Page and heading -> the operators that it tells about."""

OPERATORS: Final[Mapping[str, str]] = {
    "make_*": "panels#miniature",
    "add_*_preset": "panels#miniature",
}
"""The same for those that are made from the catalogue's groups, by patterns."""
TYPES: Final[Mapping[str, str]] = {
    "preferences*": "panels#preferences",
    "pg_print*": "printing#in-the-sidebar",
    "pg_placement*": "placement",
    "pg_step*": "round_trip#steps",
    "pg_pictures*": "panels#pictures",
    "pg_interface*": "panels#results",
    "pg_*": "panels#generate",
}
"""Page by the type whose setting is asked about; the first pattern that fits is taken."""


def mapping() -> tuple[str, tuple[tuple[str, str], ...]]:
    """As Blender wants it: what all addresses begin with; each pattern, and how its own goes on."""
    beginning = _beginning()
    if not beginning:
        return "", ()
    by_operator = (
        (f"bpy.ops.{one}", page) for page, operators in PAGES.items() for one in operators
    )
    patterns = (
        *by_operator,
        *((f"bpy.ops.{EXTENSION}.{pattern}", page) for pattern, page in OPERATORS.items()),
        *((f"bpy.types.{EXTENSION}_{pattern}", page) for pattern, page in TYPES.items()),
    )
    return beginning, tuple((pattern, _file(page)) for pattern, page in patterns)


def start() -> str:
    """Address of the first page; "" where the package was built without them."""
    beginning = _beginning()
    return beginning and beginning + _file(START)


@cache
def _beginning() -> str:
    folder = Path(__file__).parents[2] / FOLDER
    return f"{folder.as_uri()}/" if folder.is_dir() else ""


def _file(page: str) -> str:
    name, mark, heading = page.partition("#")
    return f"{name}.html{mark}{heading}"


def register() -> None:
    """Make the pages known."""
    bpy.utils.register_manual_map(mapping)


def unregister() -> None:
    """Take them back."""
    bpy.utils.unregister_manual_map(mapping)
