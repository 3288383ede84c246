"""Optimize: fewer triangles, smaller textures, Draco-compressed geometry."""

from dataclasses import dataclass

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.mesh import parts, reading, reduction, sizes
from scripts.sandbox.work import Result, Work


@dataclass(frozen=True, slots=True)
class _Preset:
    """Share of the triangles to keep, but not less than ``least``; longest texture side."""

    keep: float
    least: int
    texture: int


_PRESETS = {
    "low": _Preset(keep=0.15, least=800, texture=1024),
    "default": _Preset(keep=0.5, least=2_000, texture=2048),
}


def optimize(work: Work) -> list[Result]:
    """Write ``model`` as a small GLB; ``max_texture_size`` overrides the preset's."""
    preset = _PRESETS[str(work.parameters["preset"])]
    most = int(work.parameters.get("max_texture_size") or preset.texture)
    source = work.files["model"]
    scene = reading.load(source)
    before = sizes.triangle_count(scene)
    scene, how = reduction.reduced(scene, max(preset.least, round(before * preset.keep)))
    pictures = parts.store_textures(scene, most=most)
    path = work.folder / "optimized.glb"
    path.write_bytes(scene.export(file_type="glb", extension_draco=True))
    note = {
        "sandbox": sentence(
            how, f"{pictures} textures limited to {most} pixels", "geometry compressed with Draco"
        ),
        "triangles_before": before,
        "triangles": sizes.triangle_count(scene),
        "bytes_before": source.stat().st_size,
        "bytes": path.stat().st_size,
    }
    return [Result(path, "3D_MODEL", note)]
