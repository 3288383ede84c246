"""``print``: models for a 3D printer, checked, mended and exported by a background Blender."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any, Final

from ...printing.limits import Limits, limits_for
from ...printing.orders import STEPS, VOXELS, Base, Colors, Hollow, Mending, Plate, Split
from ...printing.own_files import left_over
from ...printing.words import worst_of
from ...service import whole_files
from ...worker import background
from ...worker.script_process import NoReport, ScriptFailed
from ...worker.script_run import ScriptRun
from ..common_options import DEFAULT_OUTPUT_DIR
from ..environment import NO_BLENDER
from ..exits import ExitStatus, Refused
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
    """Do the work on each file; a model that cannot be printed as it is ends with an error.

    A file that cannot be worked on keeps none of the others from it.
    """
    arguments = session.arguments
    refuse_what_is_for_others(session)
    files = [existing(session, name) for name in arguments.files]
    script = ScriptRun(background.command(blender(session), SCRIPT), TIMEOUT, threading.Event())
    groups = [files] if arguments.work == "plate" else [[file] for file in files]
    orders = [
        order_for(session, *one) for one in zip(groups, results(session, groups), strict=True)
    ]
    content: dict[str, Any] = {"work": arguments.work, "files": []}
    wrong: list[str] = []
    failed: list[str] = []
    for some, order in zip(groups, orders, strict=True):
        name = some[0].name if len(some) == 1 else f"{len(some)} files"
        try:
            said = worked_on(script, name, order)
        except Refused as error:
            if len(groups) == 1:
                raise
            failed.append(name)
            content["files"].append({"file": str(some[0]), "error": error_document(error)})
            session.output.problem(f"{error.message} {error.hint}".strip())
        else:
            said = {**said, "removed": remove_left_over(session, order, said, files)}
            wrong += note(session, content, some, order, said)
    return finish(session, content, wrong, failed)


def note(
    session: Session,
    content: dict[str, Any],
    some: Sequence[Path],
    order: Mapping[str, Any],
    said: Mapping[str, Any],
) -> list[str]:
    """Tell what was found and made, to people and in the document; returns what is wrong."""
    reports = [said, *said["others"]]
    for file, report in zip(some, reports, strict=True):
        content["files"].append(document(session, file, report))
        tell(session, "\n".join(lines(file.name, report["unit"], report["figurines"])))
    made = {"written": said["written"]} if order["to"] else {}
    if said["removed"]:
        made["removed"] = said["removed"]
    if order["colors"]:
        made["colors"] = said["colors"]
        tell(session, "\n".join(filaments(said["colors"])))
    if session.arguments.work == "plate":
        content["plate"] = {**said["plate"], **made}
        tell(session, plate_line(said["plate"]))
    else:
        content["files"][-1] |= made
    if said["written"]:
        tell(session, "\n".join(f"  written  {path}" for path in said["written"]))
    if said["removed"]:
        tell(session, "\n".join(f"  removed  {path}" for path in said["removed"]))
    # Who wants a file gets it; whether it prints, the others are asked.
    if order["to"] and order["fix"] is None:
        return []
    return [label for report in reports for label in worst_of(report["figurines"])]


def remove_left_over(
    session: Session,
    order: Mapping[str, Any],
    said: Mapping[str, Any],
    given: Sequence[Path],
) -> list[str]:
    """Delete parts that an earlier run wrote here, and this one, with fewer, did not; which."""
    if session.arguments.work != "split":
        return []
    written = [Path(path) for path in said["written"]]
    removed: list[str] = []
    for to in map(Path, order["to"]):
        for file in left_over(to, written):
            if any(file.samefile(one) for one in given):
                continue
            try:
                whole_files.remove(file)
            except OSError as error:
                session.output.problem(f"{file} of an earlier run could not be removed: {error}")
            else:
                removed.append(str(file))
    return removed


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
        if chosen:
            raise Refused("no_blender", f"{chosen} is not a program.", "Correct --blender.")
        raise Refused("no_blender", "There is no Blender to work with.", NO_BLENDER)
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


def order_for(session: Session, files: Sequence[Path], to: Sequence[Path]) -> dict[str, Any]:
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
        "to": [str(path) for path in to],
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


def results(session: Session, groups: Sequence[Sequence[Path]]) -> list[list[Path]]:
    """The files to write for each group of models; none twice, upper and lower case alike.

    Raises Refused where the folder takes none, or one is a model that was given.
    """
    given = session.arguments
    if given.work == "check":
        return [[] for _ in groups]
    folder = session.writable(session.path(given.output_dir or DEFAULT_OUTPUT_DIR))
    formats, ending = given.to or USUAL, ENDINGS.get(given.work, "")
    stems: list[str] = []
    for file, *_ in groups:
        known = {stem.casefold() for stem in stems}
        names = (file.stem if number == 1 else f"{file.stem}-{number}" for number in count(1))
        stems.append(next(name for name in names if name.casefold() not in known))
    wanted = [[folder / f"{stem}{ending}.{suffix}" for suffix in formats] for stem in stems]
    for path in (path for paths in wanted for path in paths if path.exists()):
        if any(path.samefile(file) for group in groups for file in group):
            raise Refused("usage", f"{path} would replace itself.", "Choose another --output-dir.")
    return wanted


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
        said = error.message if error.message.startswith(name) else f"{name}: {error.message}"
        raise Refused("process_failed", said, error.hint) from error
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


def finish(
    session: Session, content: dict[str, Any], wrong: Sequence[str], failed: Sequence[str]
) -> ExitStatus:
    """The one document, and the exit code; ``failed`` are the files that could not be worked on."""
    if not wrong and not failed:
        if not session.output.for_people:
            session.output.document(content)
        return ExitStatus.OK
    if failed:
        refused = Refused(
            "process_failed",
            f"{len(failed)} of {len(content['files'])} files could not be worked on: "
            f"{', '.join(failed)}.",
            "The others are done.",
        )
    else:
        refused = Refused(
            "not_printable",
            f"Not to be printed as it is: {', '.join(dict.fromkeys(wrong))}.",
            "Try `print fix`, and if it is not enough `print fix --remesh nozzle`.",
        )
    if session.output.for_people:
        content = {}
    error = error_document(refused)
    session.output.failed({**content, "error": error}, f"{refused.message} {refused.hint}")
    return refused.status
