"""What is seen is what is sent; what cannot be sent is said before it is paid for."""

from math import pi
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest
from mathutils import Vector

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.round_trips import bounds, select, settings
from tests.blender.test_replace_original import exported, imported, sent

RED, GREEN, BLUE, YELLOW = (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1), (1, 1, 0, 1)


def fill(image: Any, color: Any) -> None:
    width, height = image.size
    image.pixels.foreach_set(list(color) * (width * height))
    image.update()


def generated(name: str) -> Any:
    return bpy.data.images.new(name, 16, 16)


def of_file(name: str, folder: Path, suffix: str = "png") -> Any:
    """A yellow picture in a file."""
    image: Any = generated(name)
    fill(image, YELLOW)
    image.filepath_raw = str(folder / f"{name}.{suffix}")
    image.file_format = {"png": "PNG", "jpg": "JPEG"}[suffix]
    image.save()
    image.source = "FILE"
    image.reload()
    return image


def packed(name: str) -> Any:
    image: Any = generated(name)
    fill(image, YELLOW)
    image.pack()
    return image


def material_of(image: Any = None, color: Any = None) -> Any:
    """Shows the image or the color, whatever lights it."""
    material: Any = bpy.data.materials.new(image.name if image else "plain")
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    if image is None:
        shader.inputs["Base Color"].default_value = color
    else:
        node = material.node_tree.nodes.new("ShaderNodeTexImage")
        node.image = image
        material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
    return material


def cube(name: str, x: float, material: Any, *, on_object: bool = False) -> Any:
    bpy.ops.mesh.primitive_cube_add(location=(x, 0, 0))
    obj: Any = bpy.context.object
    obj.name = name
    obj.data.materials.append(None if on_object else material)
    if on_object:
        obj.data.materials[0] = material_of(color=RED)
        obj.material_slots[0].link = "OBJECT"
        obj.material_slots[0].material = material
    return obj


def color_of(obj: Any) -> tuple[int, ...]:
    """The color of the imported object: that of its picture, or of its material."""
    nodes = obj.material_slots[0].material.node_tree.nodes
    image = next((node.image for node in nodes if node.type == "TEX_IMAGE"), None)
    if image is None:
        color = nodes["Principled BSDF"].inputs["Base Color"].default_value
    else:
        color = image.pixels[:4]
    return tuple(round(value) for value in color)


def state_of(image: Any) -> tuple[Any, ...]:
    packed_file = image.packed_file
    size = None if packed_file is None else packed_file.size
    return (image.source, image.filepath, image.is_dirty, size, tuple(image.pixels[:4]))


def test_painted_pictures_and_the_objects_own_materials_are_exported(
    store: Any, tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    images = [
        generated("generated"),
        of_file("file", tmp_path / "pictures"),
        of_file("jpeg", tmp_path / "pictures", "jpg"),
        packed("packed"),
    ]
    lost = of_file("lost", tmp_path / "pictures")
    assert lost.size[0]  # it is read, and then its file goes
    Path(lost.filepath).unlink()
    objects = [cube(image.name, 3.0 * n, material_of(image)) for n, image in enumerate(images)]
    light = bpy.data.images.new("light", 16, 16, float_buffer=True)
    fill(light, (0.0, 0.5, 0.0, 1.0))  # nearly as bright as it can be, in sRGB
    objects += [cube("lost", 12, material_of(lost)), cube("light", 18, material_of(light))]
    own = cube("own", 15, material_of(color=BLUE), on_object=True)
    bpy.ops.object.armature_add()
    rig: Any = bpy.context.object
    rig.pose.bones[0].scale = (1, 3, 1)  # along the bone, which stands upright
    own.modifiers.new("Rig", "ARMATURE").object = rig
    own.vertex_groups.new(name=rig.pose.bones[0].name).add(range(8), 1.0, "ADD")
    objects.append(own)
    for image in images:
        fill(image, GREEN)
    fill(unrelated := generated("unrelated"), RED)
    select(*objects)
    before = [state_of(image) for image in [*images, lost, unrelated]]
    blocks = len(bpy.data.images), len(bpy.data.materials), len(bpy.data.meshes)
    files = {path.name: path.read_bytes() for path in (tmp_path / "pictures").iterdir()}

    job = sent()

    assert [state_of(image) for image in [*images, lost, unrelated]] == before
    assert (len(bpy.data.images), len(bpy.data.materials), len(bpy.data.meshes)) == blocks
    assert {p.name: p.read_bytes() for p in (tmp_path / "pictures").iterdir()} == files
    models = {model.name.partition(".")[0]: model for model in imported(exported(job, tmp_path))}
    assert {name: color_of(model) for name, model in models.items()} == {
        **dict.fromkeys(("generated", "file", "jpeg", "packed", "light"), GREEN),
        "lost": YELLOW,
        "own": BLUE,
    }
    assert models["own"].dimensions.z == pytest.approx(6.0, rel=1e-3)
    losses = part("blender.scene.file_materials").losses
    assert not any(map(losses, bpy.data.materials))


# -- pictures of several tiles -----------------------------------------------------------------

SAVES_TILES = bpy.app.version >= (4, 4, 0)
"""Whether Blender saves them and leaves the picture as it was."""
TILES = {1001: RED, 1002: BLUE, 1011: YELLOW}


def tiled(name: str, folder: Path, kind: str = "png") -> Any:
    """A picture of three tiles in files."""
    for tile, color in TILES.items():
        one: Any = bpy.data.images.new("one", 8, 8, float_buffer=kind == "exr")
        fill(one, color)
        one.filepath_raw = str(folder / f"{name}.{tile}.{kind}")
        one.file_format = {"png": "PNG", "exr": "OPEN_EXR"}[kind]
        one.save()
        bpy.data.images.remove(one)
    image: Any = bpy.data.images.load(str(folder / f"{name}.1001.{kind}"))
    image.source, image.name = "TILED", name
    image.filepath = str(folder / f"{name}.<UDIM>.{kind}")
    for tile in (1002, 1011):
        image.tiles.new(tile)
    assert image.size[0]
    return image


def never_saved(name: str, _folder: Path) -> Any:
    image: Any = bpy.data.images.new(name, 8, 8, tiled=True)
    fill(image, RED)
    with bpy.context.temp_override(edit_image=image):
        for tile, color in list(TILES.items())[1:]:
            bpy.ops.image.tile_add(number=tile, fill=True, color=color, width=8, height=8)
    return image


def of_exr(name: str, folder: Path) -> Any:
    return tiled(name, folder, "exr")


def packed_tiles(name: str, folder: Path) -> Any:
    image = tiled(name, folder)
    image.pack()
    for tile in TILES:
        (folder / f"{name}.{tile}.png").unlink()
    return image


def painted_tiles(name: str, folder: Path) -> Any:
    image = tiled(name, folder)
    fill(image, GREEN)  # of the first tile
    return image


def strip(name: str, image: Any, *, grouped: bool = False) -> Any:
    """Three squares in a row, one on each tile, which wear the second of two materials."""
    mesh: Any = bpy.data.meshes.new(name)
    places = [(x, 0, z) for z in (0, 1) for x in range(4)]
    mesh.from_pydata(places, [], [(n, n + 1, n + 5, n + 4) for n in range(3)])
    corners = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    flat = [
        part for u, v in ((0, 0), (1, 0), (0, 1)) for x, y in corners for part in (u + x, v + y)
    ]
    mesh.uv_layers.new(name="Other").uv.foreach_set("vector", [0.5] * len(flat))
    layer = mesh.uv_layers.new(name="Tiles")
    layer.uv.foreach_set("vector", flat)
    layer.active_render = True
    material = material_of(image)
    if grouped:
        tree, inside = material.node_tree, bpy.data.node_groups.new("Skin", "ShaderNodeTree")
        inside.interface.new_socket("Color", in_out="OUTPUT", socket_type="NodeSocketColor")
        node: Any = inside.nodes.new("ShaderNodeTexImage")
        node.image = image
        inside.links.new(node.outputs[0], inside.nodes.new("NodeGroupOutput").inputs[0])
        group: Any = tree.nodes.new("ShaderNodeGroup")
        group.node_tree = inside
        tree.links.new(group.outputs[0], tree.nodes["Principled BSDF"].inputs["Base Color"])
        tree.nodes.remove(next(node for node in tree.nodes if node.type == "TEX_IMAGE"))
    mesh.materials.append(material_of(color=GREEN))
    mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", [1, 1, 1])
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def colors_along(obj: Any) -> list[tuple[int, ...]]:
    """Colors of the imported object's polygons, along x."""
    found = {}
    for polygon in obj.data.polygons:
        material = obj.material_slots[polygon.material_index].material
        nodes = material.node_tree.nodes
        image = next(node.image for node in nodes if node.type == "TEX_IMAGE")
        found[round(polygon.center.x, 3)] = tuple(round(part) for part in image.pixels[:4])
        uvs = [one.uv[n].vector for one in obj.data.uv_layers for n in polygon.loop_indices]
        assert all(0.0 <= part <= 1.0 for uv in uvs for part in uv)
    in_order = [color for _, color in sorted(found.items())]
    return list(dict.fromkeys(in_order))


def test_tiles_are_sent_as_they_are_seen(store: Any, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    saved, unsaved = (tiled, of_exr, packed_tiles), (never_saved, painted_tiles)
    images = {one.__name__: one(one.__name__, tmp_path / "pictures") for one in saved + unsaved}
    objects = [strip(name, image) for name, image in images.items()]
    objects.append(strip("grouped", images["tiled"], grouped=True))
    before = [state_of(image) for image in images.values()], len(bpy.data.images)
    files = {path.name: path.read_bytes() for path in (tmp_path / "pictures").iterdir()}
    words = said(*objects)
    for name in images:
        lost = not SAVES_TILES and name in {one.__name__ for one in unsaved}
        assert (name in words.partition("tiles go as they were: ")[2]) == lost
    select(*objects)
    job = sent()
    assert ([state_of(image) for image in images.values()], len(bpy.data.images)) == before
    assert {p.name: p.read_bytes() for p in (tmp_path / "pictures").iterdir()} == files
    models = {model.name.partition(".")[0]: model for model in imported(exported(job, tmp_path))}
    expected = {name: [RED, BLUE, YELLOW] for name in [*images, "grouped"]}
    if SAVES_TILES:
        expected["painted_tiles"][0] = GREEN
    else:
        del expected["never_saved"]
    assert {name: colors_along(models[name]) for name in expected} == expected


# -- what is said before -----------------------------------------------------------------------


def said(*objects: Any) -> str:
    """What the Tools panel and the dialog of the button say of the objects, which is the same."""
    select(*objects)
    settings("repair")
    drawn = []
    for kind in (bpy.types.STUDIO3D_PT_tools, bpy.types.STUDIO3D_OT_send):
        layout = RecordingLayout()
        kind.draw(SimpleNamespace(layout=layout), bpy.context)
        drawn.append(layout.text)
    for words in part("blender.runtime.cautions").of_models(
        bpy.context, part("blender.runtime.tool_orders").order_of(bpy.context).selections
    ):
        assert all(words in text for text in drawn)
    return drawn[0]


def blocker() -> str:
    tools = part("blender.runtime.tool_orders")
    found = tools.find_blocker(bpy.context, tools.order_of(bpy.context))
    return "" if found is None else found.message


def fed_by(kind: str, *, through: str = "", blend: str = "") -> Any:
    """A material whose color comes from a node of that kind, through another one."""
    material: Any = bpy.data.materials.new(f"{kind} {through} {blend}".strip())
    material.use_nodes = True
    tree = material.node_tree
    end = tree.nodes["Principled BSDF"].inputs["Base Color"]
    if through:
        between = tree.nodes.new(through)
        if blend:
            between.blend_type = blend
        tree.links.new(between.outputs[0], end)
        end = next(one for one in between.inputs if one.type == "RGBA" or len(between.inputs) == 1)
    tree.links.new(tree.nodes.new(kind).outputs[0], end)
    return material


def grouped(kind: str) -> Any:
    """The same inside a group."""
    inside: Any = bpy.data.node_groups.new("Group", "ShaderNodeTree")
    inside.interface.new_socket("Color", in_out="OUTPUT", socket_type="NodeSocketColor")
    inside.links.new(
        inside.nodes.new(kind).outputs[0], inside.nodes.new("NodeGroupOutput").inputs[0]
    )
    material: Any = bpy.data.materials.new(f"Grouped {kind}")
    material.use_nodes = True
    tree = material.node_tree
    group = tree.nodes.new("ShaderNodeGroup")
    group.node_tree = inside
    tree.links.new(group.outputs[0], tree.nodes["Principled BSDF"].inputs["Base Color"])
    return material


def wired(name: str, *links: tuple[str, str], **values: Any) -> Any:
    """A material called so with ``node:output`` linked to ``node:input``.

    Nodes are called as their kinds, but for ``Principled`` and ``Output``; ``node__property`` is
    set to a value.
    """
    material: Any = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    shader, output = tree.nodes["Principled BSDF"], tree.nodes["Material Output"]
    nodes = {"Principled": shader, "Output": output}
    for end in [end.partition(":")[0] for link in links for end in link]:
        if end not in nodes:
            nodes[end] = tree.nodes.new(f"ShaderNode{end.rstrip('0123456789')}")
            if end.startswith("TexImage"):
                nodes[end].image = bpy.data.images.get("Bricks")
    for key, value in values.items():
        node, _, attribute = key.partition("__")
        if attribute in nodes[node].inputs:
            nodes[node].inputs[attribute].default_value = value
        else:
            setattr(nodes[node], attribute, value)
    for start, end in links:
        (first, out), (second, into) = start.split(":"), end.split(":")
        ins, outs = nodes[second].inputs, nodes[first].outputs
        tree.links.new(
            outs[int(out) if out.isdigit() else out], ins[int(into) if into.isdigit() else into]
        )
    return material


PICTURE_COLOR = ("TexImage:Color", "Principled:Base Color")
GLOW = {"Principled__Emission Strength": 1.0}

SENT: dict[str, Any] = {
    "numbers": lambda name: wired(
        name,
        ("TexImage:Color", "SeparateColor:Color"),
        ("SeparateColor:Green", "Principled:Roughness"),
        ("SeparateColor:Blue", "Math:0"),
        ("Math:0", "Principled:Metallic"),
        ("TexImage2:Alpha", "Principled:Alpha"),
        Math__operation="MULTIPLY",
    ),
    "one number": lambda name: wired(name, ("TexImage:Color", "Principled:Roughness")),
    "mask": lambda name: wired(
        name,
        PICTURE_COLOR,
        ("TexImage:Alpha", "Math:0"),
        ("Math:0", "Math2:1"),
        ("Math2:0", "Principled:Alpha"),
        Math__operation="LESS_THAN",
        Math2__operation="SUBTRACT",
    ),
    "bent": lambda name: wired(
        name, ("TexImage:Color", "NormalMap:Color"), ("NormalMap:0", "Principled:Normal")
    ),
    "glow": lambda name: wired(name, ("TexImage:Color", "Principled:Emission Color"), **GLOW),
    "no glow": lambda name: wired(name, ("TexNoise:Color", "Principled:Emission Color")),
    "map": lambda name: wired(
        name,
        PICTURE_COLOR,
        ("UVMap:0", "Mapping:Vector"),
        ("Mapping:0", "TexImage:Vector"),
        Mapping__Scale=(2, 2, 1),
    ),
    "coordinates": lambda name: wired(name, PICTURE_COLOR, ("TexCoord:UV", "TexImage:Vector")),
    "muted": lambda name: wired(
        name,
        ("TexImage:Color", "HueSaturation:Color"),
        ("HueSaturation:0", "Principled:Base Color"),
        HueSaturation__mute=True,
    ),
    "circle": lambda name: wired(
        name,
        ("MixShader:0", "MixShader:1"),
        ("Principled:0", "MixShader:2"),
        ("MixShader:0", "Output:Surface"),
    ),
}  # fmt: skip
SURFACE: dict[str, Any] = {
    "many ways": lambda name: wired(
        name,
        *[(f"Math{n}:0", f"Math{n + 1}:{to}") for n in range(24) for to in range(2)],
        ("Math24:0", "Principled:Roughness"),
    ),
    "rough noise": lambda name: wired(name, ("TexNoise:0", "Principled:Roughness")),
    "metal ramp": lambda name: wired(
        name, ("TexImage:Color", "ValToRGB:0"), ("ValToRGB:0", "Principled:Metallic")
    ),
    "rough less": lambda name: wired(
        name,
        ("TexImage:Color", "Math:0"),
        ("Math:0", "Principled:Roughness"),
        Math__operation="SUBTRACT",
    ),
    "bump": lambda name: wired(
        name, ("TexImage:Color", "Bump:Height"), ("Bump:0", "Principled:Normal")
    ),
    "flipped": lambda name: wired(
        name,
        ("TexImage:Color", "Invert:Color"),
        ("Invert:0", "NormalMap:Color"),
        ("NormalMap:0", "Principled:Normal"),
    ),
    "of the object": lambda name: wired(
        name,
        ("TexImage:Color", "NormalMap:Color"),
        ("NormalMap:0", "Principled:Normal"),
        NormalMap__space="OBJECT",
    ),
    "ghost": lambda name: wired(name, ("Fresnel:0", "Principled:Alpha")),
    "lava": lambda name: wired(name, ("TexVoronoi:Color", "Principled:Emission Color"), **GLOW),
    "pulse": lambda name: wired(name, ("TexNoise:0", "Principled:Emission Strength")),
    "waves": lambda name: wired(
        name, ("TexImage:Color", "Displacement:Height"), ("Displacement:0", "Output:Displacement")
    ),
}  # fmt: skip
PLACE: dict[str, Any] = {
    "object": lambda name: wired(name, PICTURE_COLOR, ("TexCoord:Object", "TexImage:Vector")),
    "generated": lambda name: wired(
        name,
        PICTURE_COLOR,
        ("TexCoord:Generated", "Mapping:Vector"),
        ("Mapping:0", "TexImage:Vector"),
    ),
    "box": lambda name: wired(name, PICTURE_COLOR, TexImage__projection="BOX"),
    "rough ball": lambda name: wired(
        name, ("TexImage:Color", "Principled:Roughness"), TexImage__projection="SPHERE"
    ),
    "window": lambda name: wired(
        name,
        ("TexImage:Color", "NormalMap:Color"),
        ("NormalMap:0", "Principled:Normal"),
        ("TexCoord:Window", "TexImage:Vector"),
    ),
    "warped": lambda name: wired(name, PICTURE_COLOR, ("TexNoise:Color", "TexImage:Vector")),
}  # fmt: skip


def test_what_a_file_does_not_hold_of_a_material_is_said(store: Any, tmp_path: Path) -> None:
    of_file("Bricks", tmp_path)
    begin = {"surface": "What nodes make of roughness", "place": "Pictures are sent as they lie"}

    def told(material: Any) -> str:
        words = said(cube("Cube", 0, material))
        assert "plain colors" not in words
        found = " ".join(kind for kind, start in begin.items() if start in words)
        assert not found or f": {material.name}. Bake" in words
        return found

    for made, expected in ((SENT, ""), (SURFACE, "surface"), (PLACE, "place")):
        found = {name: told(make(name)) for name, make in made.items()}
        assert found == dict.fromkeys(made, expected)


def of_nodes(obj: Any, kind: str, **values: Any) -> Any:
    """A geometry nodes modifier in which a node of that kind does something to all there is."""
    tree: Any = bpy.data.node_groups.new(kind, "GeometryNodeTree")
    for way in ("INPUT", "OUTPUT"):
        tree.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    start, end = tree.nodes.new("NodeGroupInput"), tree.nodes.new("NodeGroupOutput")
    node = tree.nodes.new(f"GeometryNode{kind}")
    for name, value in values.items():
        if name in node.inputs:
            node.inputs[name].default_value = value
        else:
            setattr(node, name, value)
    tree.links.new(start.outputs[0], node.inputs[0])
    tree.links.new(node.outputs[0], end.inputs[0])
    modifier = obj.modifiers.new(f"Nodes {kind}", "NODES")
    modifier.node_group = tree
    bpy.context.view_layer.update()
    return modifier


UVS: Any = {"data_type": "FLOAT2", "domain": "CORNER"}


@pytest.mark.parametrize(
    ("kind", "values", "hides"),
    [
        ("SetMaterial", {}, True),
        ("StoreNamedAttribute", {**UVS, "Name": "Retexture"}, True),
        ("RemoveAttribute", {"Name": "Retexture"}, True),
        ("StoreNamedAttribute", {**UVS, "Name": "Lightmap"}, False),
        ("SetPosition", {}, False),
    ],
)
def test_modifiers_that_would_hide_new_textures_are_said(
    store: Any, kind: str, values: dict[str, Any], *, hides: bool
) -> None:
    obj = cube("Cube", 0, material_of(color=RED))
    modifier = of_nodes(obj, kind, **values)
    words = "may be hidden by the materials or UV maps that these set: Nodes"

    def is_told(tool: str) -> bool:
        select(obj)
        settings(tool)
        order = part("blender.runtime.tool_orders").order_of(bpy.context)
        return words in " ".join(part("blender.runtime.cautions").of_order(bpy.context, order))

    assert is_told("texture-model") == hides
    assert not is_told("repair")
    modifier.show_viewport = False
    bpy.context.view_layer.update()
    assert not is_told("texture-model")


def test_missing_pictures_and_colors_made_by_nodes_are_said(store: Any, tmp_path: Path) -> None:
    picture = of_file("Bricks", tmp_path)
    plain = [
        fed_by("ShaderNodeRGB"),
        fed_by("ShaderNodeTexImage", through="ShaderNodeMixRGB", blend="MULTIPLY"),
        material_of(picture),
        material_of(color=RED),
    ]
    assert "made by nodes" not in said(*(cube(m.name, 0, m) for m in plain))
    assert "missing" not in said(bpy.context.object)
    for material in (
        fed_by("ShaderNodeTexNoise"),
        fed_by("ShaderNodeTexImage", through="ShaderNodeValToRGB"),
        fed_by("ShaderNodeTexNoise", through="ShaderNodeMixRGB", blend="MULTIPLY"),
        grouped("ShaderNodeTexVoronoi"),
    ):
        assert f"made by nodes: {material.name}." in said(cube("node", 0, material)), material.name
    wall = cube("wall", 0, material_of(picture))
    Path(picture.filepath).unlink()
    picture.reload()
    bpy.context.view_layer.update()
    assert "Pictures are missing, and the model goes without them: Bricks." in said(wall)
    assert blocker() == ""  # no more than a word: shape alone may be what is wanted
    picture.source = "GENERATED"
    bpy.context.view_layer.update()
    assert "missing" not in said(wall)
    tiles: Any = bpy.data.images.new("Tiles", 8, 8, tiled=True)
    fill(tiles, RED)
    words = said(cube("tiled", 0, material_of(tiles)))
    if SAVES_TILES:
        assert "tiles" not in words
    else:
        assert "or their tiles go as they were: Tiles." in words


def test_what_has_no_surface_is_refused(store: Any) -> None:
    bpy.ops.object.camera_add()
    select(bpy.context.object)
    settings("repair")
    assert blocker() == (
        "There is no surface to send: select a mesh, a curve, a text or a metaball instead."
    )
    bpy.ops.object.armature_add()
    select(bpy.context.object)
    assert blocker() == ("An armature has no surface: select the mesh that it deforms instead.")
    with pytest.raises(RuntimeError, match="An armature has no surface"):
        bpy.ops.studio3d.use_tool(tool="repair")
    wire = bpy.data.meshes.new("Wire")
    wire.from_pydata([(0, 0, 0), (1, 0, 0)], [(0, 1)], [])
    obj = bpy.data.objects.new("Wire", wire)
    bpy.context.scene.collection.objects.link(obj)
    select(obj)
    assert blocker() == "Wire has no faces: there is nothing to send."
    obj.modifiers.new("Tube", "SKIN")
    bpy.context.view_layer.update()
    bpy.ops.curve.primitive_bezier_curve_add()
    select(bpy.context.object)
    assert "no faces" in blocker()
    bpy.context.object.data.bevel_depth = 0.1
    bpy.context.view_layer.update()
    assert blocker() == ""


def test_flat_objects_are_no_views(store: Any) -> None:
    views = part("blender.runtime.side_views")

    def doubts() -> list[tuple[str, bool]]:
        bpy.context.view_layer.update()
        selection = part("blender.scene.export_selection").whole(bpy.context)
        return list(views.doubts(bpy.context, selection))

    bpy.ops.mesh.primitive_plane_add(size=0.1)
    plane = bpy.context.object
    ((words, is_nothing),) = doubts()
    assert "flat" in words
    assert is_nothing
    with pytest.raises(RuntimeError, match="lies flat"):
        bpy.ops.studio3d.views_from_object()
    plane.rotation_euler = (pi / 2, 0.0, 0.7)
    ((words, is_nothing),) = doubts()
    assert "two of the four views" in words
    assert not is_nothing
    plane.rotation_euler = (0.5, 0.3, 0.0)
    assert doubts() == []
    plane.rotation_euler = (0.0, 0.0, 0.0)
    plane.modifiers.new("Thick", "SOLIDIFY").thickness = 0.01
    assert doubts() == []


# -- how much it is ----------------------------------------------------------------------------


def amount(*objects: Any) -> tuple[int, list[float]]:
    """Triangles and extent as the panel shows them."""
    select(*objects)
    settings("repair")
    size = part("blender.scene.upload_size")
    (selection,) = part("blender.runtime.tool_orders").order_of(bpy.context).selections
    return size.count_triangles(bpy.context, selection), list(size.extents(bpy.context, selection))


def text() -> Any:
    bpy.ops.object.text_add(location=(0, 5, 0), rotation=(0.4, 0.2, 0.1))
    bpy.context.object.data.extrude = 0.1
    return bpy.context.object


def curve() -> Any:
    bpy.ops.curve.primitive_bezier_circle_add(radius=2)
    bpy.context.object.data.bevel_depth = 0.3
    return bpy.context.object


def metaball() -> Any:
    """The first of two that are one surface."""
    bpy.ops.object.metaball_add(type="BALL", location=(9, 0, 0))
    first = bpy.context.object
    bpy.ops.object.metaball_add(type="BALL", location=(11, 0, 0))
    return first


def turned() -> Any:
    bpy.ops.mesh.primitive_uv_sphere_add(rotation=(0.7, 0.7, 0.7), scale=(1, 2, 3))
    return bpy.context.object


def arrayed() -> Any:
    bpy.ops.mesh.primitive_cube_add(rotation=(0.0, 0.0, 0.5))
    bpy.context.object.modifiers.new("Row", "ARRAY").count = 3
    return bpy.context.object


def instance() -> Any:
    bpy.ops.mesh.primitive_cone_add(vertices=12)
    inner = bpy.context.object
    kit = bpy.data.collections.new("Kit")
    kit.objects.link(inner)
    bpy.context.scene.collection.objects.unlink(inner)
    empty = bpy.data.objects.new("Kit Instance", None)
    empty.instance_type, empty.instance_collection = "COLLECTION", kit
    empty.location, empty.rotation_euler = (0, 0, 30), (0.0, 0.6, 0.3)
    bpy.context.scene.collection.objects.link(empty)
    return empty


def test_sizes_are_those_of_what_is_exported(store: Any, tmp_path: Path) -> None:
    objects = [make() for make in (text, curve, metaball, turned, arrayed, instance)]
    bpy.context.view_layer.update()
    told = [amount(obj) for obj in objects]
    whole = amount(*objects)
    models = imported(exported(sent(), tmp_path))
    found = [(len(one.data.loops) - 2 * len(one.data.polygons), *bounds(one)) for one in models]
    assert sorted(triangles for triangles, *_ in found) == sorted(
        triangles for triangles, _ in told
    )
    assert sum(triangles for triangles, *_ in found) == whole[0]
    by_count = {triangles: high - low for triangles, low, high in found}
    for triangles, sides in told:
        assert (by_count[triangles] - Vector(sides)).length < 1e-3, triangles
    for axis in range(3):
        side = max(h[axis] for _, _, h in found) - min(low[axis] for _, low, _ in found)
        assert side == pytest.approx(whole[1][axis], abs=1e-3)
