"""A result comes in stages where views show textures, and nobody sees or keeps one half done."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.patience import until
from tests.window.artist import Artist, environment
from tests.window.harness import BlenderWindow
from tests.window.shown_colors import channels

MADE = """
material = bpy.data.materials.new("Skin")
material.use_nodes = True
nodes, links = material.node_tree.nodes, material.node_tree.links
for number, name in enumerate(("Base Color", "Roughness")):
    picture = bpy.data.images.new(f"Skin {{number}}", 512, 512)
    picture.generated_color = (0.0, 1.0, 0.0, 1.0)
    picture.pack()
    node = nodes.new("ShaderNodeTexImage")
    node.image = picture
    links.new(node.outputs["Color"], nodes["Principled BSDF"].inputs[name])
torn = bpy.data.images.new("Torn", 8, 8)
torn.source = "FILE"
torn.pack(data=b"no picture", data_len=10)
nodes.new("ShaderNodeTexImage").image = torn
with override():
    bpy.ops.mesh.primitive_monkey_add(size=4.0)
lamp = bpy.context.view_layer.objects.active
lamp.name = lamp.data.name = "Lamp"
lamp.data.materials.append(material)
made = bpy.data.collections.new("Lamp")
made.objects.link(lamp)
bpy.data.libraries.write({blend!r}, {{made}}, fake_user=True)
bpy.data.batch_remove([made, lamp.data, lamp, material, *bpy.data.images])
bpy.context.view_layer.objects.active = bpy.data.objects["Cube"]
area("VIEW_3D").spaces.active.shading.type = "MATERIAL"
bpy.ops.ed.undo_push(message="Material Preview")
"""
"""Two pictures as green as pictures can be, and one that nobody can read."""

STOP_AFTER_THE_FIRST_LOOK = """
ahead, looks = part("blender.placement.read_ahead"), []
def is_done(context, job, usual=ahead.is_done):
    looks.append(usual(context, job))
    if len(looks) == 1:
        bpy.app.timers.register(toggle)  # comes before the next look
    return looks[-1]
def toggle():
    with override():
        bpy.ops.object.editmode_toggle()
def upload(image, usual=ahead._upload):
    usual(image)
    if image.name != "Torn":
        assert image.gl_load() == 0  # no error: the card has it
    held.append(image.name)
held, ahead.is_done, ahead._upload = [], is_done, upload
"""

FINISH = """
from pathlib import Path
store, State = part("blender.core.session").store(), part("jobs.states").State
for step in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.PREPARING):
    store.change({job_id!r}, step)
prepared = part("jobs.job").Prepared(
    Path({blend!r}), bpy.app.version, "Lamp", 968, (2.0, 2.0, 2.0))
store.change({job_id!r}, State.READY, prepared=prepared)
part("blender.runtime.job_monitor").wake()
"""

MUCH = 5_000
"""Pixels of the result, of which there are many times that; buttons are green as well."""
SHOWN = "any(o.name == 'Lamp' for o in bpy.context.scene.objects)"
IN_FILE = """
with bpy.data.libraries.load({scene!r}) as (inside, _):
    kept = [*inside.objects, *inside.images, *inside.meshes]
"""


@pytest.mark.newest
def test_it_is_there_whole_or_not_at_all(
    open_window: Callable[..., BlenderWindow], tmp_path: Path
) -> None:
    window = open_window(environment=environment(tmp_path / "home"), size=(900, 700))
    artist = Artist(window)
    blend, scene = str(tmp_path / "result.blend"), str(tmp_path / "scene.blend")
    window.execute(MADE.format(blend=blend))
    job_id = artist.add_idle_job("Lamp")
    window.execute(STOP_AFTER_THE_FIRST_LOOK + FINISH.format(job_id=job_id, blend=blend))
    window.wait_until("looks and bpy.context.mode == 'EDIT_MESH'")
    window.settle()
    assert window.evaluate("'Lamp' in bpy.data.objects and 'Skin 0' in bpy.data.images")
    assert not window.evaluate(SHOWN)
    assert green(window.screenshot("stages-not-yet")) < MUCH

    window.execute(f"bpy.ops.wm.save_as_mainfile(filepath={scene!r}, copy=True)")
    assert window.evaluate(
        "not {'Lamp', 'Skin 0', 'Skin 1'} & {*bpy.data.images.keys(), *bpy.data.objects.keys()}"
    )
    window.execute(IN_FILE.format(scene=scene))
    assert "Cube" in window.evaluate("kept")
    assert not window.evaluate("[name for name in kept if name[:4] in ('Lamp', 'Skin')]")

    window.execute("toggle()")  # and it is read once more
    artist.wait_for(job_id, "PLACED")
    assert window.evaluate("sorted(held) == ['Skin 0', 'Skin 1', 'Torn'] and looks[-1]")
    until(lambda: green(window.screenshot("stages-placed")) > MUCH, what="the result in green")

    artist.in_viewport("ctrl+z")
    window.wait_until(f"not {SHOWN}")
    artist.in_viewport("ctrl+shift+z")
    window.wait_until(SHOWN)
    until(lambda: green(window.screenshot("stages-redone")) > MUCH, what="the result in green")


def green(picture: Path) -> int:
    """How many pixels of it are as the result is."""
    red, level, blue = channels(picture)
    return int(np.count_nonzero(level > 1.5 * np.maximum(red, blue)))
