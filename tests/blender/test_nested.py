"""An operator that has another one do something says what that one said, and no traceback."""

from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import bpy
import pytest

from tests.blender.conftest import part

ops: Any = bpy.ops  # the stubs know no operators of ours

SAID = "It is not there: /home/me/a b.glb. Import it again"
CONSOLE = "It could not be done: Blender's console says why."


class Inner(bpy.types.Operator):
    bl_idname = "test.inner"
    bl_label = "Inner"

    if TYPE_CHECKING:
        way: str
    else:
        way: bpy.props.StringProperty()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene: Any = context.scene
        reason = scene.get("refused")
        if reason:
            cls.poll_message_set(reason)
        return reason is None

    def execute(self, context: bpy.types.Context) -> Any:
        if self.way == "breaks":
            raise ValueError("nobody foresaw it")
        if self.way == "within":
            ops.test.inner(way="breaks")
        if self.way == "says":
            self.report({"WARNING"}, "Careful")
            self.report({"ERROR"}, SAID)
            return {"CANCELLED"}
        return {"FINISHED"}


class Outer(bpy.types.Operator):
    bl_idname = "test.outer"
    bl_label = "Outer"

    if TYPE_CHECKING:
        way: str
    else:
        way: bpy.props.StringProperty()

    def execute(self, context: bpy.types.Context) -> Any:
        nested = part("blender.operators.nested")
        return nested.have_done(self, "test.inner", "EXEC_DEFAULT", way=self.way)


CLASSES = (Inner, Outer)


@pytest.fixture
def outer(extension: ModuleType) -> Iterator[Any]:
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    yield ops.test.outer
    for cls in CLASSES:
        bpy.utils.unregister_class(cls)


@pytest.mark.fault(
    "A step that a button has another one do fails, or breaks down",
    "Its own sentence is told, or where to look; no traceback",
)
@pytest.mark.parametrize(
    ("way", "refused", "words"),
    [
        ("says", None, SAID),
        ("breaks", None, CONSOLE),
        ("within", None, CONSOLE),
        ("works", "Leave Edit Mode first", "Leave Edit Mode first"),
        ("works", "", CONSOLE),
    ],
)
def test_what_it_says_is_said(outer: Any, way: str, refused: str | None, words: str) -> None:
    assert outer(way="works") == {"FINISHED"}
    if refused is not None:
        bpy.context.scene["refused"] = refused
    with pytest.raises(RuntimeError) as caught:
        outer(way=way)
    assert str(caught.value).strip() == f"Error: {words}"
