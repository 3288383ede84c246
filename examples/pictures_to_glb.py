"""Turn every picture of a folder into a model and copy the files to another folder.

blender -b --online-mode --python examples/pictures_to_glb.py -- pictures models
"""

import shutil
import sys
from pathlib import Path

from bl_ext.user_default.studio3d import api

source, target = map(Path, sys.argv[sys.argv.index("--") + 1 :])
target.mkdir(exist_ok=True)

jobs = {
    picture: api.submit("trellis", image=picture, textures=True, name=picture.stem)
    for picture in sorted(source.glob("*.png"))
}
api.wait(*jobs.values())
for picture, job in jobs.items():
    model = api.result(job)
    if model.model is not None:
        shutil.copy(model.model, target / f"{picture.stem}{model.model.suffix}")
    else:
        sys.stderr.write(f"{picture.name}: {model.failure}\n")
