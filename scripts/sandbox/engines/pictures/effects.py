"""Changes to a whole picture that a prompt can ask for by name."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

Effect = Callable[[Image.Image], Image.Image]


def grayscale(picture: Image.Image) -> Image.Image:
    """Black and white."""
    return ImageOps.grayscale(picture).convert("RGB")


def sepia(picture: Image.Image) -> Image.Image:
    """Brown tones of an old photo."""
    return ImageOps.colorize(ImageOps.grayscale(picture), (38, 24, 12), (255, 240, 205))


def sketch(picture: Image.Image) -> Image.Image:
    """Pencil lines: the picture divided by a blurred copy of itself."""
    grey = np.asarray(ImageOps.grayscale(picture), dtype=np.float32)
    blurred = cv2.GaussianBlur(255 - grey, (0, 0), max(picture.size) / 160)
    lines = np.clip(grey * 255 / np.maximum(255 - blurred, 1), 0, 255)
    return Image.fromarray(lines.astype(np.uint8)).convert("RGB")


def watercolor(picture: Image.Image) -> Image.Image:
    """Flat areas with soft edges."""
    blue_first = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[..., ::-1])
    painted = np.asarray(cv2.stylization(blue_first, sigma_s=40, sigma_r=0.4), dtype=np.uint8)
    return Image.fromarray(np.ascontiguousarray(painted[..., ::-1]))


def cartoon(picture: Image.Image) -> Image.Image:
    """Few tones and dark outlines."""
    flat = watercolor(picture).quantize(24).convert("RGB")
    grey = np.asarray(ImageOps.grayscale(picture))
    edges = cv2.dilate(cv2.Canny(grey, 80, 180), np.ones((2, 2), np.uint8))
    pixels = np.asarray(flat).copy()
    pixels[edges > 0] //= 4
    return Image.fromarray(pixels)


def pixels(picture: Image.Image) -> Image.Image:
    """Large square pixels."""
    small = picture.resize((max(1, picture.width // 16), max(1, picture.height // 16)))
    return small.quantize(32).convert("RGB").resize(picture.size, Image.Resampling.NEAREST)


EFFECTS: Mapping[str, tuple[str, Effect]] = {
    "black and white": ("in black and white", grayscale),
    "grayscale": ("in grey tones", grayscale),
    "monochrome": ("in grey tones", grayscale),
    "sepia": ("in sepia", sepia),
    "vintage": ("in sepia", sepia),
    "sketch": ("as a pencil sketch", sketch),
    "drawing": ("as a pencil sketch", sketch),
    "watercolor": ("as a watercolor", watercolor),
    "painting": ("as a watercolor", watercolor),
    "anime": ("with flat tones and outlines", cartoon),
    "cartoon": ("with flat tones and outlines", cartoon),
    "comic": ("with flat tones and outlines", cartoon),
    "pixel": ("in large pixels", pixels),
    "blur": ("blurred", lambda p: p.filter(ImageFilter.GaussianBlur(max(p.size) / 100))),
    "brighter": ("brighter", lambda p: ImageEnhance.Brightness(p).enhance(1.4)),
    "darker": ("darker", lambda p: ImageEnhance.Brightness(p).enhance(0.6)),
    "contrast": ("with more contrast", lambda p: ImageEnhance.Contrast(p).enhance(1.5)),
    "invert": ("inverted", ImageOps.invert),
    "mirror": ("mirrored", ImageOps.mirror),
    "flip": ("upside down", ImageOps.flip),
    "rotate": ("turned by 90 degrees", lambda p: p.transpose(Image.Transpose.ROTATE_270)),
}
"""Word of the prompt -> what was done, in words, and how (RGB in, RGB out)."""


def asked_for(prompt: str) -> list[tuple[str, Effect]]:
    """The effects a prompt names, each once, in the order of the table."""
    text = prompt.lower()
    found = {words: effect for key, (words, effect) in EFFECTS.items() if key in text}
    return list(found.items())
