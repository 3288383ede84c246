"""Pictures in and out of files."""

from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from scripts.sandbox.work import EngineFailed

_SUFFIXES = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}
_QUALITY = 92


def read(path: Path) -> Image.Image:
    """RGBA, upright as its EXIF data says. EngineFailed when it is no picture."""
    try:
        with Image.open(path) as opened:
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise EngineFailed(f"The picture cannot be read: {error}") from error


def write(picture: Image.Image, folder: Path, stem: str, output_format: str = "png") -> Path:
    """``output_format`` is png, jpeg or webp; JPEG gets white where it was transparent."""
    path = folder / f"{stem}{_SUFFIXES[output_format]}"
    if output_format == "jpeg":
        picture = on_colour(picture, (255, 255, 255))
    picture.save(path, output_format.upper(), **_options(output_format))
    return path


def _options(output_format: str) -> dict[str, int]:
    return {"compress_level": 4} if output_format == "png" else {"quality": _QUALITY}


def on_colour(picture: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """RGB: the picture laid on a plain colour."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, colour)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
