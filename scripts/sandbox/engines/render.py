"""Render: a still, a turntable of stills, or a film of the model turning."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.blender_run import run_job
from scripts.sandbox.engines.mesh import archives, reading
from scripts.sandbox.engines.pictures import files, video
from scripts.sandbox.work import EngineFailed, Result, Work

_ANGLES = {
    # azimuth (0 is the front, positive to the right of the viewer) and elevation in degrees
    "front": (0.0, 0.0),
    "back": (180.0, 0.0),
    "left": (-90.0, 0.0),
    "right": (90.0, 0.0),
    "top": (0.0, 89.9),
    "3/4": (35.0, 20.0),
    "isometric": (45.0, 35.264),
}
_TURN_ELEVATION = 15.0
_MOST_RENDERED = 1024
_FILM_RENDERED = 512
_MOST_FILM = 1080
_FILM_FRAMES, _FILM_RATE = 48, 16
_FAINT = 4
_SAMPLES, _STILL_SECONDS = 48, 12.0


@dataclass(frozen=True, slots=True)
class Shot:
    """Pictures as asked for, and in a few words how they were made."""

    frames: list[Image.Image]
    account: str


def render(work: Work) -> list[Result]:
    """One or more IMAGE results; a film is one file (a ZIP of PNGs for png_sequence)."""
    wanted = work.parameters
    film = wanted["output_type"] == "video"
    output = str(wanted.get("output_format") or ("mp4" if film else "png"))
    views = _film_views(wanted) if film else _still_views(wanted)
    size = int(wanted["resolution"])
    shot = shoot(
        reading.load(work.files["model"]),
        views,
        size=_even(min(size, _MOST_FILM)) if film else size,
        rendered=_FILM_RENDERED if film else _MOST_RENDERED,
        lighting=str(wanted["lighting"]),
        ground_shadow=bool(wanted["ground_shadow"]),
    )
    background = _colour(str(wanted["background"]))
    if film:
        return [_film(shot, background, output, work.folder)]
    results = []
    for number, frame in enumerate(shot.frames):
        stem = "render" if len(shot.frames) == 1 else f"render_{number:02d}"
        path = files.write(_on(frame, background), work.folder, stem, output)
        results.append(Result(path, "IMAGE", {"sandbox": shot.account, "view": views[number]}))
    return results


def _still_views(wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    angle = str(wanted["angle"])
    if angle.startswith("turntable_"):
        count = int(angle.removeprefix("turntable_"))
        return [_view(360.0 * step / count, _TURN_ELEVATION) for step in range(count)]
    azimuth, elevation = _ANGLES[angle]
    return [_view(azimuth, elevation, orthographic=angle == "isometric")]


def _film_views(wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A full turn that starts at the named angle."""
    start, elevation = _ANGLES.get(str(wanted["angle"]), (0.0, _TURN_ELEVATION))
    steps = range(_FILM_FRAMES)
    return [_view(start + 360.0 * step / _FILM_FRAMES, elevation) for step in steps]


def _view(azimuth: float, elevation: float, *, orthographic: bool = False) -> dict[str, Any]:
    return {"azimuth": azimuth, "elevation": elevation, "orthographic": orthographic}


def _even(size: int) -> int:
    """Video codecs halve the resolution of colours."""
    return max(16, size - size % 2)


def _colour(name: str) -> tuple[int, int, int] | None:
    """None for transparency. EngineFailed for a word that is no colour."""
    if name == "transparent":
        return None
    try:
        red, green, blue = ImageColor.getrgb(name)[:3]
    except ValueError as error:
        raise EngineFailed(f"'{name}' is no colour.") from error
    return red, green, blue


def shoot(
    scene: Any,
    views: list[dict[str, Any]],
    *,
    size: int,
    rendered: int,
    lighting: str = "studio",
    ground_shadow: bool = False,
) -> Shot:
    """Square RGBA pictures of a trimesh scene, ``size`` pixels a side.

    One view is rendered with Cycles, several with Workbench; never with more than ``rendered``
    pixels a side, larger sizes are enlarged from that.
    """
    side = min(size, rendered)
    quick = len(views) > 1
    with tempfile.TemporaryDirectory(prefix="studio3d-render-") as name:
        folder = Path(name)
        source = folder / "model.glb"
        source.write_bytes(scene.export(file_type="glb"))
        named = [{**view, "file": str(folder / f"{i:03d}.png")} for i, view in enumerate(views)]
        request = {
            "source": str(source),
            "views": named,
            "width": side,
            "height": side,
            "lighting": lighting,
            "ground_shadow": ground_shadow,
            "quick": quick,
            "samples": _SAMPLES,
            "seconds": _STILL_SECONDS,
        }
        done = run_job("render", request, seconds=90.0 + 6.0 * len(views))
        frames = [files.read(Path(view["file"])) for view in named]
    if quick and ground_shadow:
        pairs = zip(frames, done["footprints"], strict=True)
        frames = [_with_shadow(frame, footprint) for frame, footprint in pairs]
    if not quick and not done["denoised"]:
        frames = [_denoised(frame) for frame in frames]
    engine = "Workbench" if quick else "Cycles"
    account = [f"rendered by Blender's {engine} at {side} x {side}"]
    if side != size:
        frames = [frame.resize((size, size), Image.Resampling.LANCZOS) for frame in frames]
        account.append(f"enlarged to {size} x {size}")
    return Shot(frames, sentence(*account))


def _denoised(frame: Image.Image) -> Image.Image:
    """For a Blender without Open Image Denoise."""
    pixels = np.asarray(frame)
    colour = cv2.fastNlMeansDenoisingColored(
        np.ascontiguousarray(pixels[..., :3]),
        None,
        8,
        10,
        templateWindowSize=5,
        searchWindowSize=11,
    )
    alpha = np.asarray(cv2.bilateralFilter(np.ascontiguousarray(pixels[..., 3]), 7, 40, 3))
    alpha = np.where(alpha > _FAINT, alpha, 0)
    return Image.fromarray(np.dstack([np.asarray(colour), alpha]).astype(np.uint8))


def _with_shadow(frame: Image.Image, footprint: list[list[float]]) -> Image.Image:
    """Workbench casts no shadow on nothing: a soft dark patch where the model stands."""
    width, height = frame.size
    patch = Image.new("L", frame.size)
    outline = [(x * width, (1 - y) * height) for x, y in footprint]
    if len(outline) > 2:
        ImageDraw.Draw(patch).polygon(outline, fill=130)
    soft = patch.filter(ImageFilter.GaussianBlur(width / 45))
    shadow = Image.new("RGBA", frame.size)
    shadow.putalpha(soft)
    return Image.alpha_composite(shadow, frame)


def _on(frame: Image.Image, background: tuple[int, int, int] | None) -> Image.Image:
    return frame if background is None else files.on_colour(frame, background)


def _film(shot: Shot, background: tuple[int, int, int] | None, output: str, folder: Path) -> Result:
    note = {"sandbox": shot.account, "frames": len(shot.frames), "frames_per_second": _FILM_RATE}
    if output == "png_sequence":
        with tempfile.TemporaryDirectory(prefix="studio3d-frames-") as name:
            paths = [
                files.write(_on(frame, background), Path(name), f"frame_{i:03d}")
                for i, frame in enumerate(shot.frames)
            ]
            target = archives.pack(folder / "turntable.zip", {path.name: path for path in paths})
        return Result(target, "ARCHIVE", note)
    if output == "mp4" and background is None:
        # MP4 knows no transparency.
        background = (255, 255, 255)
    frames = [_on(frame, background) for frame in shot.frames]
    return Result(video.write(frames, folder / f"turntable.{output}", _FILM_RATE), "VIDEO", note)
