"""Real photos to start from: the ones that scikit-image ships."""

from pathlib import Path

from PIL import Image
from skimage import data

PHOTOS = ("astronaut", "coffee", "rocket")


def save_photos(folder: Path) -> list[Path]:
    """Write the photos as PNG files and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in PHOTOS:
        path = folder / f"{name}.png"
        Image.fromarray(getattr(data, name)()).convert("RGB").save(path)
        paths.append(path)
    return paths
