"""Who may know whom: arrows between the folders of the extension point one way."""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.package.imports import PACKAGE, imports_of, modules, reached_from, tree

ALLOWED: dict[str, set[str]] = {
    "catalog": set(),
    "service": {"catalog"},
    "jobs": {"service", "catalog"},
    "samples": {"service", "catalog"},
    "worker": {"samples", "jobs", "service", "catalog"},
    "batch": {"recipes", "printing", "worker", "jobs", "service", "catalog"},
    "printing": set(),
    "recipes": {"printing", "jobs", "service", "catalog"},
    "cli": {"recipes", "printing", "batch", "worker", "jobs", "service", "catalog"},
    "blender": {"recipes", "printing", "samples", "jobs", "service", "catalog", "worker"},
}
INSIDE_BLENDER: dict[str, set[str]] = {
    "core": set(),
    "languages": {"core"},
    "model": {"core"},
    "snapshot": {"core"},
    "settings": {"snapshot", "core"},
    "scene": {"model", "core"},
    "print": {"model", "core"},
    "placement": {"scene", "model", "core"},
    "runtime": {"placement", "scene", "settings", "snapshot", "model", "languages", "core"},
    "widgets": {"runtime", "scene", "settings", "snapshot", "core"},
    "operators": {
        *("widgets", "runtime", "placement", "scene", "settings", "snapshot", "model", "core"),
    },
    "panels": {"widgets", "runtime", "scene", "settings", "snapshot", "core"},
    "scripting": {"runtime", "placement", "core"},
    "background": {"print", "scene", "model", "core"},
}
"""Folders of ``addon/blender`` and those each may import; ``registration`` knows them all."""

SERVICE_FOR_BLENDER = {
    "addresses.py",
    "anonymous.py",
    "changelog.py",
    "errors.py",
    "gltf_text.py",
    "keys.py",
    "limits.py",
    "names.py",
    "path_room.py",
    "picture_sizes.py",
    "picture_types.py",
    "redaction.py",
    "version.py",
    "wavefront_names.py",
    "whole_files.py",
    "__init__.py",
}
"""Blender's process may look up keys and addresses, what files are called and made of, and what
version this is; the worker talks to the service."""

BLENDER_MODULES = {
    "addon_utils",
    "bl_math",
    "blf",
    "bmesh",
    "bpy",
    "bpy_extras",
    "gpu",
    "gpu_extras",
    "mathutils",
}
INPUT_AND_OUTPUT = {"http", "os", "requests", "shutil", "socket", "sqlite3", "subprocess", "urllib"}
LIBRARIES = {"dotenv", "requests", "rich"}
"""They come along as wheels; what they need themselves nobody here imports."""
LATE_IN_BLENDER = {"service/dotenv.py": "dotenv"}
"""What Blender's process may import of them, and only when it is called for."""
WAYS_TO_THREADS = {"_thread", "asyncio", "concurrent", "multiprocessing"}
OF_ITS_OWN_PROCESS = PACKAGE / "blender" / "background" / "entry.py"
"""Run by scripts for a background Blender, and imported by nothing."""
STARTS_A_THREAD = {"threading.Thread", "threading.Timer", "Thread", "Timer"}
ENDS = ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")
STARTS_A_PROCESS = {
    *(
        f"subprocess.{name}"
        for name in (
            *("Popen", "call", "check_call", "check_output", "run"),
            *("getoutput", "getstatusoutput"),
        )
    ),
    *(f"os.{name}" for name in ("fork", "forkpty", "popen", "startfile", "system")),
    *(f"os.{kind}{end}" for kind in ("exec", "spawn") for end in ENDS),
    *("os.posix_spawn", "os.posix_spawnp", "pty.spawn", "webbrowser.open", "Popen"),
}


def layer(path: Path) -> str:
    """The folder of the package the module is in; "" for the package's own module."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else ""


def outside_names(path: Path) -> set[str]:
    """Top names of what the module imports from elsewhere."""
    return {found.name.partition(".")[0] for found in imports_of(path) if not found.relative}


def calls(path: Path) -> set[str]:
    """Dotted names of the functions the module calls."""
    return {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}


def test_every_folder_is_a_known_layer() -> None:
    assert {layer(path) for path in modules()} <= {"", *ALLOWED}


@pytest.mark.parametrize("name", ALLOWED)
def test_a_layer_imports_only_the_layers_below_it(name: str) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{found.line} imports {found.name}"
        for path in modules(name)
        for found in imports_of(path)
        if found.module and layer(found.module) not in {name, *ALLOWED[name]}
        if not found.name.endswith(":__package__")  # the name Blender gave the package
    ]
    assert wrong == []


def folder(path: Path) -> str:
    """The folder of ``addon/blender`` the module is in; "" for what stands beside them."""
    inside = path.relative_to(PACKAGE / "blender")
    return inside.parts[0] if len(inside.parts) > 1 else ""


def test_blender_has_one_module_beside_its_folders() -> None:
    beside = {path.name for path in modules("blender") if folder(path) == ""}
    assert beside == {"__init__.py", "registration.py"}
    assert {folder(path) for path in modules("blender")} == {"", *INSIDE_BLENDER}


@pytest.mark.parametrize("name", INSIDE_BLENDER)
def test_a_folder_of_blender_imports_only_what_is_below_it(name: str) -> None:
    used = {
        folder(found.module)
        for path in modules(f"blender/{name}")
        for found in imports_of(path)
        if found.module and layer(found.module) == "blender"
    }
    # Not less either: an arrow that nobody needs any more is one that nobody may draw again.
    assert used - {name} == INSIDE_BLENDER[name]


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph: TopologicalSorter[Path] = TopologicalSorter()
    for path in modules():
        for found in imports_of(path):
            if found.module and not found.name.endswith(":__package__"):
                graph.add(path, found.module)
    graph.prepare()  # raises CycleError, which names the circle


def test_every_relative_import_leads_to_a_module_of_ours() -> None:
    lost = [
        f"{path.relative_to(PACKAGE)}:{found.line} imports {found.name}"
        for path in modules()
        for found in imports_of(path)
        if found.relative and not (found.module and found.module.is_relative_to(PACKAGE))
    ]
    assert lost == []


def test_the_package_never_names_itself() -> None:
    """Installed, it is called ``bl_ext.<repository>.studio3d``."""
    assert [path for path in modules() if outside_names(path) & {"addon", "bl_ext"}] == []


def test_only_the_blender_layer_knows_blender() -> None:
    knowing = {layer(path) for path in modules() if outside_names(path) & BLENDER_MODULES}
    assert knowing == {"blender"}


def test_libraries_are_known_where_they_are_needed() -> None:
    knowing = {
        (layer(path), name) for path in modules() for name in outside_names(path) & LIBRARIES
    }
    assert knowing == {
        ("service", "requests"),
        ("service", "dotenv"),
        ("cli", "rich"),
    }


def test_nothing_is_imported_that_does_not_come_along() -> None:
    foreign = {name for path in modules() for name in outside_names(path)}
    of_blender = BLENDER_MODULES | {"bl_operators", "bl_ui", "numpy"}
    assert foreign - sys.stdlib_module_names - of_blender == LIBRARIES


def test_the_catalogue_does_no_input_or_output() -> None:
    wrong = [path for path in modules("catalog") if outside_names(path) & INPUT_AND_OUTPUT]
    assert wrong == []
    assert [path for path in modules("catalog") if "open" in calls(path)] == []


def test_blender_uses_the_service_layer_for_keys_and_addresses_only() -> None:
    used = {
        found.module.name
        for path in modules("blender")
        for found in imports_of(path)
        if found.module and layer(found.module) == "service"
    }
    assert used <= SERVICE_FOR_BLENDER


def test_nothing_that_blender_loads_starts_threads_or_has_libraries() -> None:
    loaded = reached_from([PACKAGE / "__init__.py", *modules("blender")])
    assert PACKAGE / "jobs" / "store.py" in loaded
    wrong = {
        str(path.relative_to(PACKAGE)): found
        for path in loaded - {OF_ITS_OWN_PROCESS}
        if (
            found := (outside_names(path) & (WAYS_TO_THREADS | LIBRARIES))
            | (calls(path) & STARTS_A_THREAD)
        )
    }
    assert wrong == {name: {library} for name, library in LATE_IN_BLENDER.items()}
    for name, library in LATE_IN_BLENDER.items():
        imports = [found for found in imports_of(PACKAGE / name) if found.name == library]
        assert all(found.late for found in imports)


def test_the_blender_layer_does_not_touch_threads_at_all() -> None:
    wrong = [path for path in modules("blender") if "threading" in outside_names(path)]
    assert wrong == [OF_ITS_OWN_PROCESS]


def test_one_module_asks_blender_for_timers() -> None:
    asking = [
        path
        for path in modules()
        for node in ast.walk(tree(path))
        if getattr(node, "attr", "") == "timers" or getattr(node, "name", "") == "timers"
    ]
    assert set(asking) == {PACKAGE / "blender" / "core" / "ticker.py"}


def test_processes_are_started_in_one_place() -> None:
    """There no console window opens for them on Windows, and none is given the key."""
    starting = {path for path in modules() if calls(path) & STARTS_A_PROCESS or names_a_start(path)}
    assert starting == {PACKAGE / "worker" / "background.py"}


def names_a_start(path: Path) -> bool:
    """Whether the module gets at a function that starts a process in another way."""
    imported = {
        f"{node.module}.{name.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    asked_for = {
        f"os.{node.args[1].value!s}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "getattr"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }
    return bool((imported | asked_for) & STARTS_A_PROCESS)


def test_what_has_a_thread_is_never_imported() -> None:
    everything = reached_from([path for path in modules() if path != OF_ITS_OWN_PROCESS])
    assert OF_ITS_OWN_PROCESS not in everything


def test_the_blender_layer_never_sleeps_but_where_a_script_asks_to_wait() -> None:
    sleeping = [path for path in modules("blender") if calls(path) & {"time.sleep", "sleep"}]
    assert sleeping == [PACKAGE / "blender" / "scripting" / "api.py"]


RENAMES = {"os.rename", "os.replace", "os.link", "shutil.move"}
RENAMING = re.compile(r"\.(rename|replace|link|move)\(")
DELETING = re.compile(r"\.unlink\((missing_ok=\w+)?\)|\bos\.(remove|unlink)\(|\brmtree\(")
MAY_WAIT = {
    "blender/background/entry.py",
    "blender/scripting/api.py",  # without a window
    "cli/start.py",
    "worker/clean_up.py",
    "worker/main.py",
}


def _renames(path: Path) -> list[int]:
    """Lines that give a file another name, by a function or by the method of a path."""
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        if (ast.unparse(node.func) in RENAMES)
        or (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in {"rename", "replace"}
            and len(node.args) == 1
            and not node.keywords
            and ast.unparse(node.func.value) not in {"whole_files", "naming"}
        )
    ]


def test_files_get_their_names_in_one_place() -> None:
    named = [path for path in modules() if RENAMING.search(path.read_text(encoding="utf-8"))]
    renaming = {path.relative_to(PACKAGE).as_posix() for path in named if _renames(path)}
    # The other takes a name that nobody has, where file systems can do that.
    assert renaming == {"service/whole_files.py", "service/names.py"}


DELETES = {
    "jobs/file_locks.py",  # a lock, which is let go of and deleted together
    "service/names.py",  # a second name of the same file
    "service/whole_files.py",
}


def test_files_are_deleted_in_one_place() -> None:
    deleting = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if DELETING.search(path.read_text(encoding="utf-8"))
    }
    assert deleting == DELETES


def test_no_process_waits_for_a_file_in_which_people_work() -> None:
    waiting = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if "may_wait()" in path.read_text(encoding="utf-8").replace("def may_wait()", "")
    }
    assert waiting == MAY_WAIT
    source = (PACKAGE / "blender/scripting/api.py").read_text(encoding="utf-8")
    assert "if bpy.app.background:" in source.partition("may_wait()")[0].rsplit("\n\n", 1)[-1]
