"""A program that keeps to the protocol of background work: reads an order, writes a report.

The order's name says how it behaves: ``refuse``, ``crash``, ``hang``, ``silent``, ``no file``,
``no reader`` (cannot read the kind of file), ``draw`` (a preview as well), ``half drawn`` (ended in
the middle of that), ``incomplete`` (says that something was left out),
``crash with original`` (but not without), ``meet`` (goes on when another works in the same folder),
``meet and crash`` (as well); both write down the memory they may take.
"""

import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

GOOD = {
    "ok": True,
    "blender_version": [4, 3, 2],
    "collection": "Vase",
    "objects": 1,
    "triangles": 12,
    "dimensions": [1.0, 2.0, 3.5],
}

LEFT_OUT = [{"template": "The texture {name} is missing.", "parts": {"name": "a.png"}}]


held: list[int] = []


def order_file() -> Path:
    named = sys.argv[sys.argv.index("--") + 1]
    if named != "-":
        return Path(named)
    # Started ahead: stdin says where the order is, and hands over what is to be held; or it ends.
    if sys.platform == "win32":
        line = sys.stdin.buffer.readline()
    else:
        line, files, *_ = socket.recv_fds(socket.socket(fileno=os.dup(0)), 32_768, 16)
        held.extend(files)
    if not line:
        raise SystemExit
    return Path(json.loads(line))


def main() -> None:
    job = json.loads(order_file().read_text())
    behaviour, report = job.get("name") or job["settings"]["name"], Path(job["report"])
    seen = Path(job["to"]).with_suffix(".seen.json")
    part = seen.with_suffix(".part")  # who finds the file finds all of it
    part.write_text(json.dumps({"pid": os.getpid(), "environment": dict(os.environ), "order": job}))
    part.replace(seen)
    if behaviour.startswith("meet"):
        meet(seen.with_name(f"met-{behaviour}"))
    if behaviour in {"crash", "meet and crash"} or (
        behaviour == "crash with original" and job["sent"]
    ):
        os.abort()
    if behaviour == "hang":
        threading.Event().wait()
    if behaviour == "refuse":
        report.write_text(json.dumps({"ok": False, "message": "No mesh.", "hint": "Look inside."}))
    elif behaviour == "no reader":
        said = {"ok": False, "kept": True, "message": "A 3MF file.", "details": "the whole story"}
        report.write_text(json.dumps(said))
    elif behaviour != "silent":
        if behaviour != "no file":
            Path(job["to"]).write_bytes(b"BLENDER-v403")
        left_out = {"left_out": LEFT_OUT} if behaviour == "incomplete" else {}
        report.write_text(json.dumps(GOOD | left_out))
    if behaviour == "draw":
        Path(job["preview"]).write_bytes(b"\x89PNG and IEND\xaeB`\x82")
    if behaviour == "half drawn":
        Path(job["preview"]).write_bytes(b"\x89PNG")
        os.abort()


def meet(mark: Path) -> None:
    with mark.open("a") as file:
        file.write(f"{os.environ['STUDIO3D_MEMORY_MB']}\n")
    while len(list(mark.parent.glob("met-*"))) < 2:
        time.sleep(0.01)


if __name__ == "__main__":
    main()
