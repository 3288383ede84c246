"""Image enhance: enlarge, denoise, sharpen, balance; the subject cut out on request."""

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.pictures import files
from scripts.sandbox.engines.pictures.cutout import cut_out
from scripts.sandbox.work import EngineFailed, Result, Work

Pixels = npt.NDArray[np.uint8]

_LEAST_SIDE = 1024
_MOST_NOISE = 12.0
_ACCOUNTS = {
    "enhance": "denoised with OpenCV",
    "restore": "denoised strongly, scratches inpainted and colours balanced with OpenCV",
}


def enhance(work: Work) -> list[Result]:
    """The better picture, and with ``remove_bg`` its subject as a second one."""
    wanted = work.parameters
    picture = files.read(work.files["image"])
    results = []
    account = []
    if wanted["enhance"]:
        mode = str(wanted["mode"])
        calm = _calmed(picture, restore=mode == "restore")
        account.append(_ACCOUNTS[mode])
        enlarged = _enlarged(calm)
        if enlarged.size != picture.size:
            account.append(f"enlarged to {enlarged.width} x {enlarged.height}")
        picture = _clarified(enlarged)
        note = {"sandbox": sentence(*account, "local contrast raised and sharpened")}
        results.append(Result(files.write(picture, work.folder, "enhanced"), "IMAGE", note))
    if wanted["remove_bg"]:
        found = cut_out(picture, str(wanted["remove_bg_quality"]))
        path = files.write(found.picture, work.folder, "cutout")
        results.append(Result(path, "IMAGE", {"sandbox": found.account}))
    if not results:
        raise EngineFailed("Nothing to do: enhance and remove_bg are both off.")
    return results


def _calmed(picture: Image.Image, *, restore: bool) -> Image.Image:
    """Noise goes before the enlargement, which would turn it into blotches."""
    pixels = np.asarray(picture)
    colour = np.ascontiguousarray(pixels[..., :3])
    strength = (2.0 if restore else 1.2) * min(_noise(colour), _MOST_NOISE) + 1.0
    calm = cv2.fastNlMeansDenoisingColored(
        colour, None, strength, strength, templateWindowSize=5, searchWindowSize=11
    )
    clean = np.asarray(calm, dtype=np.uint8)
    if restore:
        clean = _balanced(_without_scratches(clean))
    return Image.fromarray(np.dstack([clean, pixels[..., 3]]))


def _noise(colour: Pixels) -> float:
    """Standard deviation of the noise after Immerkaer: the median leaves edges out."""
    grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.float32)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    return float(np.median(np.abs(cv2.filter2D(grey, -1, kernel)))) / (6 * 0.6745)


def _enlarged(picture: Image.Image) -> Image.Image:
    """At least 1024 pixels on the longer side."""
    factor = _LEAST_SIDE / max(picture.size)
    if factor <= 1:
        return picture
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _clarified(picture: Image.Image) -> Image.Image:
    """Broad differences of light are raised, fine ones only where there is an edge."""
    pixels = np.asarray(picture)
    lab = cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_RGB2LAB)
    light = lab[..., 0].astype(np.float32)
    raised = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(4, 4)).apply(
        np.ascontiguousarray(lab[..., 0])
    )
    reach = max(picture.size) / 60
    broad = cv2.GaussianBlur(raised.astype(np.float32) - light, (0, 0), reach)
    detail = light - cv2.GaussianBlur(light, (0, 0), 1.6)
    edges = detail * np.clip((np.abs(detail) - 2) / 4, 0, 1)
    lab[..., 0] = np.clip(light + 0.3 * broad + 0.6 * edges, 0, 255).astype(np.uint8)
    clear = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    return Image.fromarray(np.dstack([np.asarray(clear, dtype=np.uint8), pixels[..., 3]]))


def _without_scratches(colour: Pixels) -> Pixels:
    """Thin lines much lighter or darker than both of their sides are filled from around them."""
    grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    thin = np.maximum(
        cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, kernel),
        cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel),
    )
    marks = (thin > 70).astype(np.uint8)
    if not 0 < marks.mean() < 0.05:
        return colour
    grown = cv2.dilate(marks, np.ones((3, 3), dtype=np.uint8))
    return np.asarray(cv2.inpaint(colour, grown, 3, cv2.INPAINT_TELEA), dtype=np.uint8)


def _balanced(colour: Pixels) -> Pixels:
    """Each channel stretched between its own dark and light ends: faded tints disappear."""
    low, high = np.percentile(colour, (0.5, 99.5), axis=(0, 1))
    span = np.maximum(high - low, 24)
    return np.asarray(np.clip((colour - low) / span * 255, 0, 255), dtype=np.uint8)
