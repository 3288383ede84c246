"""Results brought in more than once: pictures and materials that are the very same, only once.

What came with a result bears the job's id. Brought in again, it is compared with what bears the
same id, all of it: pixels as they are stored, nodes, values and links. So what the artist has
changed is never given to the new copy, and never changed by it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import bpy

from ..model.naming import COPY
from .provenance import JOB

log = logging.getLogger(__name__)

KINDS: Final = ("images", "node_groups", "materials")
"""Where in ``bpy.data`` they are: what others use comes first."""

NOT_COMPARED: Final = frozenset((
    "rna_type", "name", "name_full", "session_uid", "users", "use_fake_user", "use_extra_user",
    "tag", "is_evaluated", "original", "id_type", "is_embedded_data", "is_linked_packed",
    "is_missing", "is_runtime_data", "is_library_indirect", "is_editable", "library",
    "library_weak_reference", "asset_data", "override_library", "preview", "animation_data",
    "use_nodes", "grease_pencil", "node_tree", "parent", "location", "location_absolute", "width",
    "height", "width_hidden", "dimensions", "select", "show_options", "show_preview",
    "show_texture", "hide", "internal_links", "inputs", "outputs", "color", "use_custom_color",
    "label", "warning_propagation", "active_texture_index",
))  # fmt: skip
"""Of data-blocks and nodes: who they are, and how they are shown in editors."""

VALUES: Final = frozenset({"BOOLEAN", "INT", "FLOAT", "STRING", "ENUM"})
DEEPEST: Final = 4
"""How far settings within settings are followed, such as the points of a curve."""


def share(job_id: str, new: Iterable[bpy.types.ID]) -> None:
    """Let what came with a result just now use what came with the same one before; mark the rest.

    Whatever goes wrong, it keeps its own.
    """
    try:
        _share(job_id, list(new))
    except Exception:  # what artists do to materials is without end, and the result is paid for
        log.exception("the data of job %s is not shared with its earlier import", job_id)


def _share(job_id: str, new: Sequence[bpy.types.ID]) -> None:
    fresh = set(new)
    for kind in KINDS:
        every: Iterable[Any] = getattr(bpy.data, kind)
        before = [one for one in every if one not in fresh and _is_of(one, job_id)]
        gone = []
        for item in [one for one in every if one in fresh]:
            same = _same_among(item, before)
            if same is None:
                item[JOB] = job_id
            else:
                before.remove(same)
                item.user_remap(same)
                gone.append(item)
        bpy.data.batch_remove(gone)


def _is_of(item: bpy.types.ID, job_id: str) -> bool:
    return item.library is None and item.override_library is None and item.get(JOB) == job_id


def _same_among(item: Any, before: Sequence[Any]) -> Any:
    """The one that is as the item is, rather one of its name."""
    name = COPY.sub("", item.name)
    ordered = sorted(before, key=lambda one: COPY.sub("", one.name) != name)
    return next((one for one in ordered if _are_same(item, one)), None)


def _are_same(one: Any, other: Any) -> bool:
    if isinstance(one, bpy.types.Image):
        return _are_same_pictures(one, other)
    if isinstance(one, bpy.types.NodeTree):
        return _are_same_trees(one, other)
    if one.animation_data is not None or other.animation_data is not None:
        return False
    return _have_same_values(one, other) and _are_same_trees(one.node_tree, other.node_tree)


def _are_same_pictures(one: bpy.types.Image, other: bpy.types.Image) -> bool:
    """Whether the files in them are the same, byte by byte, and are to be read alike."""
    if other.is_dirty or one.is_dirty or len(one.packed_files) != len(other.packed_files):
        return False
    settings = ("source", "type", "alpha_mode", "filepath_raw", "use_view_as_render")
    if any(getattr(one, name) != getattr(other, name) for name in settings):
        return False
    spaces = (image.colorspace_settings for image in (one, other))
    first, second = (None if space is None else space.name for space in spaces)
    if first != second or not len(one.packed_files):
        return False
    files: Any = zip(one.packed_files, other.packed_files, strict=True)
    pairs = ((a.packed_file, b.packed_file) for a, b in files)
    return all(a.size == b.size and a.data == b.data for a, b in pairs)


def _are_same_trees(one: Any, other: Any) -> bool:
    """Whether the nodes are called the same, set the same and linked the same."""
    if one is None or other is None:
        return one is other
    if one == other:
        return True
    if one.animation_data is not None or other.animation_data is not None:
        return False
    nodes: Mapping[str, Any] = {node.name: node for node in one.nodes}
    others: Mapping[str, Any] = {node.name: node for node in other.nodes}
    if nodes.keys() != others.keys() or _links(one) != _links(other):
        return False
    return all(_are_same_nodes(node, others[name]) for name, node in nodes.items())


def _links(tree: Any) -> set[tuple[Any, ...]]:
    return {
        (
            link.from_node.name,
            link.from_socket.identifier,
            link.to_node.name,
            link.to_socket.identifier,
            link.is_muted,
        )
        for link in tree.links
    }


def _are_same_nodes(one: Any, other: Any) -> bool:
    if one.bl_idname != other.bl_idname or not _have_same_values(one, other):
        return False
    is_group = isinstance(one, bpy.types.ShaderNodeGroup)
    if is_group and not _are_same_trees(one.node_tree, other.node_tree):
        return False
    sockets = [(*node.inputs, *node.outputs) for node in (one, other)]
    if len(sockets[0]) != len(sockets[1]):
        return False
    return all(map(_are_same_sockets, *sockets))


def _are_same_sockets(one: Any, other: Any) -> bool:
    values = [getattr(socket, "default_value", None) for socket in (one, other)]
    return bool(one.identifier == other.identifier and _plain(values[0]) == _plain(values[1]))


def _have_same_values(one: Any, other: Any, depth: int = 0) -> bool:
    """Whether all settings of the two are the same, and those of what belongs to them."""
    if type(one) is not type(other):
        return False
    passed = NOT_COMPARED if depth == 0 else {"rna_type"}
    for setting in one.bl_rna.properties:
        name = setting.identifier
        if name in passed or name.startswith("bl_"):
            continue
        first, second = getattr(one, name), getattr(other, name)
        if setting.type in VALUES:
            if _plain(first) != _plain(second):
                return False
        elif setting.type == "POINTER":
            if not _are_same_parts(first, second, depth):
                return False
        elif len(first) != len(second) or not all(
            _are_same_parts(a, b, depth) for a, b in zip(first, second, strict=True)
        ):
            return False
    return True


def _are_same_parts(one: Any, other: Any, depth: int) -> bool:
    """Whether what two settings point at is the same: the same data, or settings alike."""
    if one is None or other is None or isinstance(one, bpy.types.ID):
        return bool(one == other)
    return depth < DEEPEST and _have_same_values(one, other, depth + 1)


def _plain(value: Any) -> Any:
    """Numbers of an array as they are compared; what is no array as it is."""
    if isinstance(value, str | bool | int | float | bpy.types.ID) or value is None:
        return value
    return tuple(value) if hasattr(value, "__len__") else value
