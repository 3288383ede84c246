"""Remove background: the subject on transparency, or its mask."""

from scripts.sandbox.engines.pictures import files
from scripts.sandbox.engines.pictures.cutout import cut_out
from scripts.sandbox.work import Result, Work


def remove_bg(work: Work) -> list[Result]:
    """PNG of ``image`` with opacity; with ``return_mask`` a grey PNG of that opacity instead."""
    found = cut_out(files.read(work.files["image"]), str(work.parameters["quality"]))
    note = {"sandbox": found.account}
    if work.parameters["return_mask"]:
        mask = files.write(found.mask, work.folder, "mask")
        return [Result(mask, "IMAGE", {**note, "role": "mask"})]
    return [Result(files.write(found.picture, work.folder, "cutout"), "IMAGE", note)]
