"""Pictures from a prompt, and pictures changed by one (Gemini and Seedream)."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.pictures import effects, files, scenery
from scripts.sandbox.engines.pictures.cutout import cut_out
from scripts.sandbox.engines.text_to_model.build import build_from_prompt
from scripts.sandbox.engines.text_to_model.prompt import read_prompt
from scripts.sandbox.engines.text_to_model.vocabulary import COLOURS
from scripts.sandbox.engines.textures.bake import bake
from scripts.sandbox.engines.thumbnail import draw
from scripts.sandbox.work import EngineFailed, Result, Work

_MODEL_SIDE = 900
_TEXTURE = 1024
_TURNS = (-25.0, 30.0, -50.0, 55.0, -10.0, 15.0)
"""Degrees about the upright axis: each picture of a set looks from elsewhere."""
_SIDES = {"512px": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""Side of a square picture; other ratios have about as many pixels."""

_SEEDREAM = {
    "square": (1024, 1024),
    "square_hd": (2048, 2048),
    "portrait_4_3": (1536, 2048),
    "portrait_16_9": (1152, 2048),
    "landscape_4_3": (2048, 1536),
    "landscape_16_9": (2048, 1152),
    "auto_2K": (2048, 2048),
    "auto_3K": (3072, 3072),
}
_STEP = 16


def image(work: Work) -> list[Result]:
    """``num_images`` pictures; the task decides between generating and editing."""
    if work.parameters["task"] == "edit":
        return _edit(work)
    return _generate(work)


def _generate(work: Work) -> list[Result]:
    prompt = str(work.parameters["prompt"])
    size = _pixel_size(work.parameters, None)
    mesh = bake(build_from_prompt(prompt).parts, work.side(_TEXTURE), pbr=False)
    painted = (work.side(size[0]), work.side(size[1]))
    results = []
    for number in range(int(work.parameters["num_images"])):
        rng = np.random.default_rng(_seed(work, prompt, number))
        canvas, place = scenery.paint(prompt, painted, rng)
        turn = _TURNS[number % len(_TURNS)]
        subject = Image.fromarray(draw(mesh, work.side(_MODEL_SIDE), turn=turn))
        picture = _stand(subject, _picture(canvas), rng)
        steps = [f"procedural {read_prompt(prompt).subject or 'sculpture'} before {place}"]
        for words, effect in effects.asked_for(prompt):
            picture = effect(picture)
            steps.append(words)
        picture = picture if picture.size == size else picture.resize(size)
        results.append(_result(work, picture, f"picture-{number + 1}", "IMAGE", steps))
    return results


def _edit(work: Work) -> list[Result]:
    prompt = str(work.parameters["prompt"])
    inputs = [files.read(path) for name, path in sorted(work.files.items()) if "image" in name]
    if not inputs:
        raise EngineFailed("No picture was given.")
    size = _pixel_size(work.parameters, inputs[0].size)
    results = []
    for number in range(int(work.parameters["num_images"])):
        rng = np.random.default_rng(_seed(work, prompt, number))
        picture, steps = _combined(prompt, inputs, size, rng)
        for words, effect in effects.asked_for(prompt):
            picture = effect(picture)
            steps.append(words)
        colour = _named_colour(prompt)
        if colour is not None:
            picture = _tinted(picture, colour)
            steps.append("tinted in the named colour")
        picture = _fitted(picture, size)
        results.append(_result(work, picture, f"edited-{number + 1}", "EDITED_IMAGE", steps))
    return results


def _combined(
    prompt: str, inputs: list[Image.Image], size: tuple[int, int], rng: np.random.Generator
) -> tuple[Image.Image, list[str]]:
    """The picture to go on with: alone, on another background, or beside the others."""
    text = prompt.lower()
    if "background" in text:
        ground, place = scenery.paint(prompt, size, rng)
        if len(inputs) > 1:
            behind, place = _fitted(inputs[1].convert("RGB"), size), "the second picture"
        else:
            behind = _picture(ground)
        return _stand(cut_out(inputs[0], "medium").picture, behind, rng), [f"subject on {place}"]
    if len(inputs) == 1:
        return files.on_colour(inputs[0], (255, 255, 255)), ["simple image processing"]
    width = size[0] // len(inputs)
    sheet = Image.new("RGB", size, (255, 255, 255))
    for number, part in enumerate(inputs):
        sheet.paste(_fitted(part.convert("RGB"), (width, size[1])), (number * width, 0))
    return sheet, [f"{len(inputs)} pictures side by side"]


def _stand(subject: Image.Image, ground: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Put a cut-out on the ground, with a soft shadow."""
    box = subject.getbbox()
    if box is None:
        return ground
    subject = subject.crop(box)
    scale = min(0.62 * ground.height / subject.height, 0.72 * ground.width / subject.width)
    subject = subject.resize(
        (max(1, round(subject.width * scale)), max(1, round(subject.height * scale))),
        Image.Resampling.LANCZOS,
    )
    left = (ground.width - subject.width) // 2 + round(0.04 * ground.width * rng.normal())
    top = round(0.86 * ground.height) - subject.height
    shadow = Image.new("L", ground.size, 0)
    flat = subject.getchannel("A").resize((subject.width, max(1, subject.height // 7)))
    shadow.paste(flat, (left, top + subject.height - flat.height // 2))
    soft = shadow.filter(ImageFilter.GaussianBlur(ground.width / 70)).point(lambda v: v * 0.5)
    result = Image.composite(Image.new("RGB", ground.size, (20, 20, 24)), ground, soft)
    result.paste(subject, (left, top), subject)
    return result


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture, filling ``size``."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    grown = picture.resize(
        (max(size[0], round(picture.width * scale)), max(size[1], round(picture.height * scale))),
        Image.Resampling.LANCZOS,
    )
    left, top = (grown.width - size[0]) // 2, (grown.height - size[1]) // 2
    return grown.crop((left, top, left + size[0], top + size[1]))


def _named_colour(prompt: str) -> tuple[float, float, float] | None:
    words = set(prompt.lower().replace(",", " ").split())
    for name, (colour, _) in COLOURS.items():
        if name in words:
            return colour
    return None


def _tinted(picture: Image.Image, colour: tuple[float, float, float]) -> Image.Image:
    """The picture's light and dark in the colour's hue."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.float32)
    light = pixels.mean(axis=2, keepdims=True) / 255
    wanted = np.clip(np.array(colour) * 255 * light * 1.6, 0, 255)
    return Image.fromarray((0.35 * pixels + 0.65 * wanted).astype(np.uint8))


def _picture(canvas: scenery.Canvas) -> Image.Image:
    return Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))


def _seed(work: Work, prompt: str, number: int) -> int:
    text = f"{prompt}|{work.parameters.get('seed')}|{number}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _result(
    work: Work, picture: Image.Image, stem: str, asset_type: str, steps: list[str]
) -> Result:
    output_format = str(work.parameters.get("output_format", "png"))
    path = files.write(picture, work.folder, stem, output_format)
    return Result(path, asset_type, {"sandbox": sentence(*steps, "not a neural picture")})


def _pixel_size(parameters: Mapping[str, Any], like: tuple[int, int] | None) -> tuple[int, int]:
    """(width, height); ``auto`` follows the picture ``like``, or is square without one."""
    if "image_size" in parameters:
        width, height = _SEEDREAM[str(parameters["image_size"])]
        if not str(parameters["image_size"]).startswith("auto") or like is None:
            return width, height
        return _at_ratio(like[0] / like[1], width)
    ratio = str(parameters.get("aspect_ratio", "auto"))
    side = _SIDES[str(parameters.get("resolution", "1K"))]
    if ratio == "auto":
        return _at_ratio(like[0] / like[1] if like else 1.0, side)
    across, down = (int(part) for part in ratio.split(":"))
    return _at_ratio(across / down, side)


def _at_ratio(ratio: float, side: int) -> tuple[int, int]:
    width = side * ratio**0.5
    return _stepped(width), _stepped(width / ratio)


def _stepped(length: float) -> int:
    return max(_STEP, round(length / _STEP) * _STEP)
