"""Films from frames."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

_CODECS = {"mp4": "libx264", "webm": "libvpx-vp9"}
_OPTIONS = {
    "mp4": {"crf": "20", "preset": "veryfast", "movflags": "+faststart"},
    "webm": {"crf": "32", "b": "0", "deadline": "realtime", "cpu-used": "6"},
}


def write(frames: Sequence[Image.Image], path: Path, rate: int) -> Path:
    """MP4, WebM or GIF by the suffix; ``rate`` in frames per second.

    All frames have one even-sided size. RGBA frames keep their opacity in WebM and GIF; MP4 has
    none, so its frames must be RGB.
    """
    kind = path.suffix[1:]
    if kind == "gif":
        frames[0].save(
            path,
            save_all=True,
            append_images=list(frames[1:]),
            duration=round(1000 / rate),
            loop=0,
            disposal=2,
        )
        return path
    transparent = frames[0].mode == "RGBA"
    layout = "rgba" if transparent else "rgb24"
    with av.open(str(path), "w") as film:
        stream: Any = film.add_stream(_CODECS[kind], rate=Fraction(rate), options=_OPTIONS[kind])
        stream.width, stream.height = frames[0].size
        stream.pix_fmt = "yuva420p" if transparent else "yuv420p"
        for frame in frames:
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(frame), layout)))
        film.mux(stream.encode())
    return path
