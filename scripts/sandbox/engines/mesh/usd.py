"""USD stages: meshes with UsdPreviewSurface materials, in and out, without Blender."""

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from PIL import Image
from pxr import Ar, Gf, Sdf, Usd, UsdGeom, UsdShade, Vt
from trimesh.visual import ColorVisuals, TextureVisuals
from trimesh.visual.material import PBRMaterial

from scripts.sandbox.engines.mesh import parts
from scripts.sandbox.engines.mesh.sizes import Z_UP
from scripts.sandbox.work import EngineFailed


def write_usdz(scene: trimesh.Scene, target: Path) -> Path:
    """One package with all meshes, materials and textures; metres, Y up."""
    with tempfile.TemporaryDirectory(prefix="studio3d-usd-") as name:
        folder = Path(name)
        stage = Usd.Stage.CreateNew(str(folder / "model.usdc"))
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        root = UsdGeom.Xform.Define(stage, "/Model")
        stage.SetDefaultPrim(root.GetPrim())
        for number, mesh in enumerate(parts.placed(scene)):
            prim = _write_mesh(stage, f"/Model/part_{number}", mesh)
            material = parts.material_of(mesh)
            if material is not None:
                shade = _write_material(stage, number, material, folder)
                UsdShade.MaterialBindingAPI.Apply(prim.GetPrim()).Bind(shade)
        stage.GetRootLayer().Save()
        # The stage has to come first in the package.
        with Sdf.ZipFileWriter.CreateNew(str(target.resolve())) as package:
            for file in [folder / "model.usdc", *sorted(folder.glob("texture_*"))]:
                package.AddFile(str(file), file.name)
    return target


def _write_mesh(stage: Any, path: str, mesh: trimesh.Trimesh) -> Any:
    prim = UsdGeom.Mesh.Define(stage, path)
    prim.GetPrim().SetDisplayName(str(mesh.metadata.get("name", "")))
    prim.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.asarray(mesh.vertices, dtype=np.float32)))
    prim.CreateFaceVertexCountsAttr(Vt.IntArray([3] * len(mesh.faces)))
    prim.CreateFaceVertexIndicesAttr(
        Vt.IntArray.FromNumpy(np.asarray(mesh.faces, dtype=np.int32).reshape(-1))
    )
    prim.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.asarray(mesh.bounds, dtype=np.float32)))
    prim.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    variables = UsdGeom.PrimvarsAPI(prim)
    if isinstance(mesh.visual, TextureVisuals) and mesh.visual.uv is not None:
        st = variables.CreatePrimvar(
            "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex
        )
        st.Set(Vt.Vec2fArray.FromNumpy(np.asarray(mesh.visual.uv, dtype=np.float32)))
    elif isinstance(mesh.visual, ColorVisuals) and mesh.visual.kind is not None:
        colours = np.asarray(mesh.visual.vertex_colors[:, :3], dtype=np.float32) / 255
        attribute = prim.CreateDisplayColorPrimvar(UsdGeom.Tokens.vertex)
        attribute.Set(Vt.Vec3fArray.FromNumpy(colours))
    return prim


def _write_material(stage: Any, number: int, material: PBRMaterial, folder: Path) -> Any:
    path = f"/Model/material_{number}"
    shade = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, f"{path}/surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    shade.CreateSurfaceOutput().ConnectToSource(surface.ConnectableAPI(), "surface")
    colour = parts.main_colour(material)[:3] / 255
    diffuse = surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f)
    diffuse.Set(Gf.Vec3f(*(float(c) for c in colour)))
    roughness = surface.CreateInput("roughness", Sdf.ValueTypeNames.Float)
    roughness.Set(1.0 if material.roughnessFactor is None else float(material.roughnessFactor))
    metallic = surface.CreateInput("metallic", Sdf.ValueTypeNames.Float)
    metallic.Set(0.0 if material.metallicFactor is None else float(material.metallicFactor))
    pictures = _Pictures(stage, path, number, folder)
    if material.baseColorTexture is not None:
        pictures.connect(material.baseColorTexture, "base_color", {"rgb": diffuse})
    if material.metallicRoughnessTexture is not None:
        packed = {"g": roughness, "b": metallic}
        pictures.connect(material.metallicRoughnessTexture, "metallic_roughness", packed)
    if material.normalTexture is not None:
        normal = surface.CreateInput("normal", Sdf.ValueTypeNames.Normal3f)
        node = pictures.connect(material.normalTexture, "normal", {"rgb": normal})
        # From the picture's 0 to 1 to the -1 to 1 of a direction.
        node.CreateInput("scale", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(2, 2, 2, 1))
        node.CreateInput("bias", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(-1, -1, -1, 0))
    return shade


@dataclass(frozen=True, slots=True)
class _Pictures:
    """Texture nodes of one material; picture files go into ``folder``."""

    stage: Any
    material: str
    number: int
    folder: Path

    def connect(self, picture: Image.Image, role: str, inputs: dict[str, Any]) -> Any:
        """Write ``picture`` and feed its channels (rgb, r, g or b) to shader inputs."""
        suffix = ".jpg" if picture.format == "JPEG" else ".png"
        file = f"texture_{self.number}_{role}{suffix}"
        picture.convert("RGB").save(self.folder / file)
        node = UsdShade.Shader.Define(self.stage, f"{self.material}/{role}")
        node.CreateIdAttr("UsdUVTexture")
        node.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(Sdf.AssetPath(file))
        space = "sRGB" if role == "base_color" else "raw"
        node.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set(space)
        for wrap in ("wrapS", "wrapT"):
            node.CreateInput(wrap, Sdf.ValueTypeNames.Token).Set("repeat")
        st = node.CreateInput("st", Sdf.ValueTypeNames.Float2)
        st.ConnectToSource(self._reader().ConnectableAPI(), "result")
        for channel, target in inputs.items():
            kind = Sdf.ValueTypeNames.Float3 if channel == "rgb" else Sdf.ValueTypeNames.Float
            node.CreateOutput(channel, kind)
            target.ConnectToSource(node.ConnectableAPI(), channel)
        return node

    def _reader(self) -> Any:
        reader = UsdShade.Shader.Define(self.stage, f"{self.material}/uv")
        reader.CreateIdAttr("UsdPrimvarReader_float2")
        reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
        reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
        return reader


def read(path: Path) -> trimesh.Scene:
    """All meshes of a USD file or package, in metres with Y up."""
    try:
        stage = Usd.Stage.Open(str(path.resolve()))
    except Exception as error:
        # usd-core raises its own Tf.ErrorException, which derives from nothing closer.
        raise EngineFailed("The USD file could not be read.") from error
    to_world = np.eye(4)
    to_world[:3, :3] *= UsdGeom.GetStageMetersPerUnit(stage)
    if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z:
        to_world = Z_UP.T @ to_world
    places = UsdGeom.XformCache()
    scene = trimesh.Scene()
    for prim in stage.Traverse():
        if prim.IsA(UsdGeom.Mesh):
            mesh = _read_mesh(UsdGeom.Mesh(prim))
            # USD multiplies row vectors, hence the transposition.
            placed = to_world @ np.array(places.GetLocalToWorldTransform(prim)).T
            mesh.apply_transform(placed)
            scene.add_geometry(mesh, node_name=prim.GetDisplayName() or prim.GetName())
    return scene


def _read_mesh(prim: Any) -> trimesh.Trimesh:
    counts = np.array(prim.GetFaceVertexCountsAttr().Get(), dtype=np.int64)
    indices = np.array(prim.GetFaceVertexIndicesAttr().Get(), dtype=np.int64)
    points = np.array(prim.GetPointsAttr().Get(), dtype=np.float64)
    corners = _fans(counts)
    if prim.GetOrientationAttr().Get() == UsdGeom.Tokens.leftHanded:
        corners = corners[:, ::-1]
    st = UsdGeom.PrimvarsAPI(prim).GetPrimvar("st")
    if not st.HasValue():
        return trimesh.Trimesh(points, indices[corners], process=False)
    uv = np.array(st.ComputeFlattened(), dtype=np.float64)
    visual_of = _read_material(prim)
    if st.GetInterpolation() == UsdGeom.Tokens.faceVarying:
        # One vertex per corner, so that every corner can have a UV of its own.
        flat = corners.reshape(-1)
        faces = np.arange(len(flat)).reshape(-1, 3)
        mesh = trimesh.Trimesh(
            points[indices[flat]], faces, visual=TextureVisuals(uv[flat], material=visual_of),
            process=False,
        )  # fmt: skip
        mesh.merge_vertices()
        return mesh
    visual = TextureVisuals(uv, material=visual_of)
    return trimesh.Trimesh(points, indices[corners], visual=visual, process=False)


def _fans(counts: np.ndarray) -> np.ndarray:
    """Positions in the index list, three per triangle, polygons cut into fans."""
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    triangles = np.maximum(counts - 2, 0)
    first = np.repeat(starts, triangles)
    step = np.arange(triangles.sum()) - np.repeat(np.cumsum(triangles) - triangles, triangles)
    return np.stack([first, first + step + 1, first + step + 2], axis=1)


def _read_material(prim: Any) -> PBRMaterial:
    material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    source = material.ComputeSurfaceSource()[0] if material else None
    diffuse = source.GetInput("diffuseColor") if source else None
    if not diffuse:
        return PBRMaterial()
    attribute = UsdShade.Utils.GetValueProducingAttributes(diffuse)[0]
    node = UsdShade.Shader(attribute.GetPrim())
    if node.GetShaderId() == "UsdUVTexture":
        asset = Ar.GetResolver().OpenAsset(
            Ar.ResolvedPath(node.GetInput("file").Get().resolvedPath)
        )
        if asset:
            picture = Image.open(io.BytesIO(bytes(asset.GetBuffer())))
            return PBRMaterial(baseColorTexture=picture, metallicFactor=0.0, roughnessFactor=1.0)
    colour = diffuse.Get()
    if colour is None:
        return PBRMaterial()
    return PBRMaterial(baseColorFactor=[*colour, 1.0])
