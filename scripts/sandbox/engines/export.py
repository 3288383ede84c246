"""Write a mesh as GLB, or as a ZIP with OBJ, MTL and PNG."""

import io
import zipfile
from pathlib import Path

import numpy as np
import trimesh
from PIL import Image as Pictures
from trimesh.visual.material import PBRMaterial
from trimesh.visual.texture import TextureVisuals

from .geometry.quads import paired_quads
from .geometry.surface import Ints
from .mesh import parts
from .model import Image, Mesh, Textures

_PNG_EFFORT = 1


def write_glb(mesh: Mesh, path: Path, name: str, *, split_parts: bool = False) -> None:
    """One mesh node (or one per part name) with one metallic-roughness material."""
    material = _material(mesh.textures)
    scene = trimesh.Scene()
    groups = range(len(mesh.part_names)) if split_parts else [None]
    for group in groups:
        faces = mesh.triangles if group is None else mesh.triangles[mesh.part == group]
        used, faces = _compacted(faces)
        geometry = trimesh.Trimesh(
            vertices=mesh.positions[used],
            faces=faces,
            vertex_normals=mesh.normals[used],
            visual=TextureVisuals(uv=mesh.uvs[used], material=material),
            process=False,
        )
        label = name if group is None else mesh.part_names[group]
        scene.add_geometry(geometry, node_name=label, geom_name=label)
    data = trimesh.exchange.gltf.export_glb(scene, include_normals=True)
    path.write_bytes(data)


def _compacted(triangles: Ints) -> tuple[Ints, Ints]:
    used, index = np.unique(triangles, return_inverse=True)
    return used, index.reshape(triangles.shape)


def _material(textures: Textures | None) -> PBRMaterial:
    if textures is None:
        return PBRMaterial(
            name="clay",
            baseColorFactor=[205, 205, 205, 255],
            metallicFactor=0.0,
            roughnessFactor=0.8,
        )
    if textures.orm is None or textures.normal is None:
        return PBRMaterial(
            name="surface",
            baseColorTexture=_as_jpeg(textures.base_colour),
            metallicFactor=0.0,
            roughnessFactor=0.7,
        )
    orm = _as_jpeg(textures.orm)
    return PBRMaterial(
        name="surface",
        baseColorTexture=_as_jpeg(textures.base_colour),
        metallicRoughnessTexture=orm,
        occlusionTexture=orm,
        normalTexture=_as_jpeg(textures.normal),
        metallicFactor=1.0,
        roughnessFactor=1.0,
    )


def _as_jpeg(pixels: Image) -> Pictures.Image:
    return parts.as_jpeg(Pictures.fromarray(pixels))


def write_obj_zip(mesh: Mesh, path: Path, name: str, *, quads: bool = False) -> None:
    """``name``.obj, .mtl and its PNG images in one archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr(f"{name}.obj", _obj_text(mesh, name, quads))
        archive.writestr(f"{name}.mtl", _mtl_text(mesh.textures, name))
        for suffix, pixels in _pictures(mesh.textures).items():
            buffer = io.BytesIO()
            Pictures.fromarray(pixels).save(buffer, "PNG", compress_level=_PNG_EFFORT)
            archive.writestr(
                zipfile.ZipInfo(f"{name}{suffix}.png"), buffer.getvalue(), zipfile.ZIP_STORED
            )


def _pictures(textures: Textures | None) -> dict[str, Image]:
    if textures is None:
        return {}
    pictures = {"": textures.base_colour}
    if textures.orm is not None and textures.normal is not None:
        pictures["_roughness"] = np.ascontiguousarray(textures.orm[..., 1])
        pictures["_metallic"] = np.ascontiguousarray(textures.orm[..., 2])
        pictures["_normal"] = textures.normal
    return pictures


def _obj_text(mesh: Mesh, name: str, quads: bool) -> str:
    lines = [f"mtllib {name}.mtl", f"o {name}"]
    lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in mesh.positions.tolist()]
    lines += [f"vt {u:.6f} {v:.6f}" for u, v in mesh.uvs.tolist()]
    lines += [f"vn {x:.4f} {y:.4f} {z:.4f}" for x, y, z in mesh.normals.tolist()]
    lines.append("usemtl surface")
    faces = mesh.triangles.tolist()
    if quads:
        faces = paired_quads(mesh.positions, mesh.uvs, mesh.triangles)
    lines += ["f " + " ".join(f"{i + 1}/{i + 1}/{i + 1}" for i in face) for face in faces]
    return "\n".join(lines) + "\n"


def _mtl_text(textures: Textures | None, name: str) -> str:
    colour = "0.8 0.8 0.8" if textures is None else "1.0 1.0 1.0"
    lines = ["newmtl surface", f"Kd {colour}", "Ks 0.2 0.2 0.2", "d 1.0", "illum 2"]
    keys = {"": "map_Kd", "_roughness": "map_Pr", "_metallic": "map_Pm", "_normal": "norm"}
    lines += [f"{keys[suffix]} {name}{suffix}.png" for suffix in _pictures(textures)]
    return "\n".join(lines) + "\n"
