"""``print``: models for a 3D printer, checked, mended and exported by a background Blender."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from ...printing.limits import Limits, limits_for
from ...printing.orders import STEPS, VOXELS, Base, Colors, Hollow, Mending, Plate, Split
from ...printing.words import worst_of
from ...worker import background
from ...worker.script_process import NoReport, ScriptFailed
from ...worker.script_run import ScriptRun
from ..exits import ExitStatus, Refused
from ..parser import DEFAULT_OUTPUT_DIR
from ..printing.options import ASKED, MENDING, WORKS, given_for
from ..printing.words import filaments, lines, plate_line
from ..reports import error_document
from ..session import Session

SCRIPT: Final = Path(__file__).parents[2] / "blender" / "background" / "print_model.py"
TIMEOUT: Final = 900.0
"""Seconds for one file; a million triangles take some ten."""
USUAL: Final = ("stl", "3mf")
"""What is written unless formats are named."""
ENDINGS: Final = {
    "fix": "-fixed",
    "base": "-base",
    "hollow": "-hollow",
    "split": "-part",
    "plate": "-plate",
}
"""Of the names of files, by the work."""


def run(session: Session) -> ExitStatus:
    """Do the work on each file; a model that cannot be printed as it is ends with an error."""
    arguments = session.arguments
    refuse_what_is_for_others(session)
    files = [existing(session, name) for name in arguments.files]
    script = ScriptRun(background.command(blender(session), SCRIPT), TIMEOUT, threading.Event())
    content: dict[str, Any] = {"work": arguments.work, "files": []}
    wrong: list[str] = []
    for some in [files] if arguments.work == "plate" else [[file] for file in files]:
        order = order_for(session, some)
        name = some[0].name if len(some) == 1 else f"{len(some)} files"
        said = worked_on(script, name, order)
        reports = [said, *said["others"]]
        # Who wants a file gets it; whether it prints, the others are asked.
        if not order["to"] or order["fix"] is not None:
            wrong += [label for report in reports for label in worst_of(report["figurines"])]
        for file, report in zip(some, reports, strict=True):
            content["files"].append(document(session, file, report))
            tell(session, "\n".join(lines(file.name, report["unit"], report["figurines"])))
        made = {"written": said["written"]} if order["to"] else {}
        if order["colors"]:
            made["colors"] = said["colors"]
            tell(session, "\n".join(filaments(said["colors"])))
        if arguments.work == "plate":
            content["plate"] = {**said["plate"], **made}
            tell(session, plate_line(said["plate"]))
        else:
            content["files"][-1] |= made
    return finish(session, content, wrong)


def refuse_what_is_for_others(session: Session) -> None:
    """Raise Refused for options of another work than the one asked for."""
    arguments = session.arguments
    works = {asked.option: asked.works for asked in ASKED}
    works |= dict.fromkeys(("--steps", "--remesh"), MENDING)
    works |= dict.fromkeys(("--to", "--output-dir"), tuple(set(WORKS) - {"check"}))
    for option, takers in works.items():
        given = getattr(arguments, option.removeprefix("--").replace("-", "_"))
        if given is not None and arguments.work not in takers:
            raise Refused("usage", f"{option} is not for `print {arguments.work}`.")
    if given_for(Hollow, arguments) and not hollows(session):
        raise Refused("usage", "Options of drain holes need --hollow.")
    if arguments.work in {"split", "plate"} and not arguments.printer:
        raise Refused("usage", f"`print {arguments.work}` needs a bed.", "Choose a --printer.")
    if arguments.colors and arguments.palette:
        raise Refused("usage", "--palette says how many colors there are: leave --colors out.")
    if (arguments.colors or arguments.palette) and "3mf" not in (arguments.to or USUAL):
        raise Refused("usage", "Only a 3MF is painted: have 3mf in --to.")


def hollows(session: Session) -> bool:
    """Whether models are made hollow."""
    return session.arguments.work == "hollow" or session.arguments.hollow is not None


def existing(session: Session, name: str) -> Path:
    """The file; raises Refused."""
    path = session.path(name)
    if not path.is_file():
        raise Refused("file_not_found", f"{name} is not a file.", "Correct the path.")
    return path


def blender(session: Session) -> str:
    """The program that does the work; raises Refused."""
    chosen = session.arguments.blender
    found = session.environment.blender(chosen)
    if found is None:
        said = f"{chosen} is not a program." if chosen else "There is no Blender to work with."
        raise Refused("no_blender", said, "Correct --blender." if chosen else "Use --blender.")
    return found


def limits(session: Session) -> Limits:
    """What the check looks for."""
    given = session.arguments
    usual = limits_for(given.nozzle, given.wall, given.layer)
    return Limits(
        nozzle=usual.nozzle,
        wall=usual.wall,
        layer=usual.layer,
        overhang=given.overhang,
        printer=given.printer or "",
        material=given.material,
        price=given.price_per_kg,
    )


def order_for(session: Session, files: list[Path]) -> dict[str, Any]:
    """What ``background.printing.work`` takes."""
    given = session.arguments
    return {
        "file": str(files[0]),
        "others": [str(file) for file in files[1:]],
        "sizes": {"unit": given.unit, "height": given.height, "longest": given.longest},
        "limits": limits(session).document(),
        "fix": asdict(mending(session)) if given.work in MENDING else None,
        "base": given_for(Base, given) if given.work == "base" else None,
        "colors": given_for(Colors, given) or None,
        "hollow": given_for(Hollow, given) if hollows(session) else None,
        "split": given_for(Split, given) if given.work == "split" else None,
        "plate": given_for(Plate, given) if given.work == "plate" else None,
        "to": [] if given.work == "check" else [str(path) for path in results(session, files[0])],
    }


def mending(session: Session) -> Mending:
    """What is mended first."""
    given = session.arguments
    steps = STEPS if given.steps is None else given.steps
    size = given.nozzle / VOXELS if given.remesh == "nozzle" else given.remesh
    return Mending(
        **{step: step in steps for step in STEPS},
        voxel=size or 0.0,
        **given_for(Mending, given),
    )


def results(session: Session, file: Path) -> Iterator[Path]:
    """The files to write; raises Refused where the folder takes none, or one is the file itself."""
    given = session.arguments
    folder = session.writable(session.path(given.output_dir or DEFAULT_OUTPUT_DIR))
    stem = file.stem + ENDINGS.get(given.work, "")
    for suffix in given.to or USUAL:
        path = folder / f"{stem}.{suffix}"
        if path.exists() and path.samefile(file):
            raise Refused("usage", f"{path} would replace itself.", "Choose another --output-dir.")
        yield path


def worked_on(script: ScriptRun, name: str, order: Mapping[str, Any]) -> Mapping[str, Any]:
    """The script's report; raises Refused."""
    try:
        return script.run(order)
    except NoReport as error:
        end = error.output.splitlines()[-1:]
        raise Refused(
            "process_failed", f"Blender ended with {error.code} over {name}.", *end
        ) from error
    except ScriptFailed as error:
        raise Refused("process_failed", f"{name}: {error.message}", error.hint) from error
    except OSError as error:
        raise Refused("process_failed", f"Blender could not be started: {error}.") from error


def document(session: Session, file: Path, said: Mapping[str, Any]) -> dict[str, Any]:
    """A file as JSON."""
    figurines = [plain(figurine, session.arguments.indices) for figurine in said["figurines"]]
    return {"file": str(file), "unit": said["unit"], "figurines": figurines}


def plain(figurine: Mapping[str, Any], indices: bool) -> dict[str, Any]:
    """A model as JSON, without long lists unless they are asked for."""

    def short(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {name: part for name, part in finding.items() if indices or name != "indices"}
            for finding in findings
        ]

    shown = {**figurine, "findings": short(figurine["findings"])}
    if "before" in figurine:
        shown["before"] = {**figurine["before"], "findings": short(figurine["before"]["findings"])}
    return shown


def tell(session: Session, text: str) -> None:
    """Tell people about one file as soon as it is done."""
    if session.output.for_people:
        session.output.table(text)
    else:
        session.output.say(text)


def finish(session: Session, content: dict[str, Any], wrong: list[str]) -> ExitStatus:
    """The one document, and the exit code."""
    if not wrong:
        if not session.output.for_people:
            session.output.document(content)
        return ExitStatus.OK
    found = ", ".join(dict.fromkeys(wrong))
    refused = Refused(
        "not_printable",
        f"Not to be printed as it is: {found}.",
        "Try `print fix`, and if it is not enough `print fix --remesh nozzle`.",
    )
    if session.output.for_people:
        content = {}
    error = error_document(refused)
    session.output.failed({**content, "error": error}, f"{refused.message} {refused.hint}")
    return refused.status
