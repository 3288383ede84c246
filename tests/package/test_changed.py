"""``tests.changed``: what a change can break, by facts of this tree and by small trees."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.changed import history
from tests.changed.__main__ import affected, main
from tests.changed.graph import Graph
from tests.changed.suites import HARNESS, SUITES, Means, broken, meaning, suite_files
from tests.package.imports import ROOT
from tests.patience import seconds

# ---------------------------------------------------------------- facts of this tree


@pytest.fixture(scope="module")
def tree() -> Graph:
    return Graph(ROOT, history.files(ROOT))


@pytest.fixture
def break_(tree: Graph) -> Callable[[str, str], set[str]]:
    """``break_("plain", path)``: the test files that can break, but for the tree's own rules."""

    def tests(suite: str, path: str) -> set[str]:
        assert (ROOT / path).is_file()
        found = broken(tree, suite, [path])
        rules = {test for test in found if test.startswith("tests/package/")}
        assert rules == ({*files_in(tree, "package")} if suite == "plain" else set())
        return set(found) - rules

    return tests


DOCUMENTED = {
    "tests/cli/test_adding_an_operation.py",
    "tests/cli/test_promises.py",
    "tests/cli/test_references.py",
    "tests/cli/test_skill.py",
    "tests/documents/test_site.py",
}
"""What reads the documents that are written from the catalogue."""
PAGES = {f"tests/documents/test_{name}.py" for name in ("commands", "mentions", "pictures", "site")}
"""What reads the pages of the documentation."""

Break = Callable[[str, str], set[str]]


def files_in(tree: Graph, *folders: str) -> set[str]:
    """All test files of folders of ``tests``."""
    return {
        test
        for suite in SUITES
        for test in suite_files(tree, suite)
        if test.split("/")[1] in folders
    }


def test_each_test_file_is_in_one_suite(tree: Graph) -> None:
    listed = [test for suite in SUITES for test in suite_files(tree, suite)]
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/**/test_*.py")}
    assert set(listed) == there
    assert len(listed) == len(there)


def test_the_command_line(tree: Graph, break_: Break) -> None:
    started_elsewhere = {"tests/worker/test_faults.py", "tests/documents/test_commands.py"}
    assert break_("plain", "addon/cli/main.py") == (
        files_in(tree, "cli", "batch") | started_elsewhere
    )
    in_blender = break_("blender", "addon/cli/main.py")
    assert "tests/blender/test_command.py" in in_blender
    assert "tests/blender/test_registration.py" not in in_blender
    assert break_("window", "addon/cli/main.py") == set()


def test_a_command_that_is_imported_by_its_name(break_: Break) -> None:
    assert "tests/cli/test_information.py" in break_("plain", "addon/cli/commands/balance.py")


def test_an_engine_of_the_sandbox(tree: Graph, break_: Break) -> None:
    plain = break_("plain", "scripts/sandbox/engines/repair.py")
    assert {"tests/sandbox/test_tool_repair.py", "tests/cli/test_operations.py"} <= plain
    assert "tests/sandbox/test_tool_bake.py" not in plain
    assert plain.isdisjoint(files_in(tree, "catalog", "jobs", "service"))
    in_blender = break_("blender", "scripts/sandbox/engines/repair.py")
    assert "tests/blender/test_job_monitor.py" in in_blender  # asks for a sandbox
    assert "tests/blender/test_registration.py" not in in_blender
    assert "tests/window/test_main_job.py" in break_("window", "scripts/sandbox/engines/repair.py")


def test_the_geometry_under_an_engine_that_a_background_blender_runs(break_: Break) -> None:
    plain = break_("plain", "scripts/sandbox/engines/blender_jobs/render.py")
    assert "tests/sandbox/test_tool_render.py" in plain
    assert "tests/sandbox/test_generate_prompt.py" not in plain


@pytest.mark.parametrize(
    "path",
    [
        "addon/blender/panels/tools.py",
        "addon/blender/languages/de.json",
        "addon/blender/scripting/command.py",
        "LICENSE",
        "blender_manifest.toml",
        "scripts/build.py",
        "scripts/wheels.py",
        "addon/worker/main.py",
        "addon/jobs/store.py",
        "tests/conftest.py",
        "tests/sandboxes.py",
    ],
)
def test_what_every_installed_extension_needs(tree: Graph, break_: Break, path: str) -> None:
    assert break_("blender", path) == files_in(tree, "blender")
    assert break_("window", path) == files_in(tree, "window")


def test_the_interface_breaks_no_plain_test(break_: Break) -> None:
    assert break_("plain", "addon/blender/panels/tools.py") == set()
    quoted = {"tests/documents/test_mentions.py"}
    assert break_("plain", "addon/blender/languages/de.json") == quoted


def test_a_layer_breaks_those_above_it(tree: Graph, break_: Break) -> None:
    above = files_in(tree, "jobs", "worker", "batch", "cli", "live_check", "soak")
    broken_tests = break_("plain", "addon/jobs/store.py")
    # Of those each tries another layer, and the documents start the whole.
    assert broken_tests - files_in(tree, "fuzz", "documents") == above
    assert "tests/fuzz/test_stores.py" in broken_tests
    assert "tests/fuzz/test_pictures.py" not in broken_tests
    assert files_in(tree, "catalog", *(test.split("/")[1] for test in above)) <= break_(
        "plain", "addon/catalog/prices.py"
    )


def test_scripts_that_are_started_by_their_path(tree: Graph, break_: Break) -> None:
    broken_tests = break_("plain", "tests/worker/background_program.py")
    assert files_in(tree, "worker", "soak") >= broken_tests
    assert "tests/worker/test_prepare.py" in break_("plain", "tests/worker/background_program.py")
    assert "tests/worker/test_process.py" in break_("plain", "addon/worker/bootstrap.py")
    assert "tests/batch/test_killed.py" in break_("plain", "scripts/3d_api_client.py")
    making = break_("plain", "addon/blender/background/assets/lods.py")
    assert "tests/batch/test_processing.py" in making
    assert "tests/sandbox/test_tool_repair.py" not in making


def test_a_test_file_breaks_itself_and_who_imports_it(break_: Break) -> None:
    assert break_("blender", "tests/blender/test_menus.py") == {"tests/blender/test_menus.py"}
    assert break_("plain", "tests/blender/test_menus.py") == set()
    assert "tests/window/test_results.py" in break_("window", "tests/window/test_sidebar.py")
    assert break_("plain", "tests/jobs/world.py") == {
        test for test in break_("plain", "tests/jobs/conftest.py") if test.startswith("tests/jobs/")
    }


@pytest.mark.parametrize("path", ["tests/blender/run.py", "tests/blender/run_in_blender.py"])
def test_the_starter_of_a_suite(tree: Graph, break_: Break, path: str) -> None:
    assert break_("blender", path) == files_in(tree, "blender")
    assert break_("window", path) == set()


@pytest.mark.parametrize(
    ("path", "plain", "blender"),
    [
        ("README.md", PAGES | {"tests/service/test_version.py"}, {"tests/blender/test_api.py"}),
        ("docs/batch.md", PAGES, {"tests/blender/test_api.py"}),
        ("docs/images/jobs.webp", {"tests/documents/test_pictures.py"}, set()),
        (".gitignore", set(), set()),
        ("scripts/demo/photos.py", set(), set()),
        ("SKILL.md", DOCUMENTED, set()),
        ("references/api_reference.md", DOCUMENTED, set()),
        ("scripts/reference_templates/skill.md", DOCUMENTED - PAGES, set()),
        ("tests/cli/promises.txt", {"tests/cli/test_promises.py"}, set()),
        ("scripts/farm/batch.template.yaml", {"tests/batch/test_farm.py"}, set()),
        ("examples/one_model.py", set(), {"tests/blender/test_api.py"}),
        (
            "package-lock.json",
            {"tests/cli/test_operations.py", "tests/sandbox/test_generate_files.py"},
            {"tests/blender/test_texture_set.py"},
        ),
    ],
)
def test_files_that_few_read(break_: Break, path: str, plain: set[str], blender: set[str]) -> None:
    assert break_("plain", path) == plain
    assert break_("blender", path) == blender
    assert break_("window", path) == set()


@pytest.mark.parametrize(
    "path",
    [
        "Makefile",
        "pyproject.toml",
        ".ci/run",
        "scripts/get_blender.sh",
        "scripts/get_windows.sh",
        "requirements/dev.lock",
        "nobody/knows.this",
        "setup.py",
        "tests/cli/data.bin",
    ],
)
@pytest.mark.parametrize("suite", SUITES)
def test_files_that_break_everything(tree: Graph, suite: str, path: str) -> None:
    assert broken(tree, suite, ["README.md", path]) == suite_files(tree, suite)


def test_libraries_of_the_blenders(tree: Graph, break_: Break) -> None:
    assert break_("blender", "requirements/bpy-4.2.lock") == files_in(tree, "blender")
    assert break_("window", "requirements/bpy-4.2.lock") == set()
    assert break_("plain", "requirements/bpy-4.2.lock") == set()


@pytest.mark.parametrize("suite", SUITES)
def test_no_change_breaks_nothing(tree: Graph, suite: str) -> None:
    assert broken(tree, suite, []) == []


def test_a_file_beside_modules_breaks_who_uses_their_package(tree: Graph) -> None:
    plain = broken(tree, "plain", ["addon/catalog/table.json"])
    assert files_in(tree, "catalog") <= set(plain)
    assert "tests/service/test_redaction.py" not in plain


def test_a_kind_of_file_that_must_not_ship_counts_as_shipped() -> None:
    assert meaning("addon/notes.md") is Means.SHIPPED
    assert meaning("notes.md") is Means.NAMED


# ---------------------------------------------------------------- never less than reality

RECORDER = """
import os, sys
log = os.open(os.environ["OPENED_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def heard(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        os.write(log, arguments[0].encode("utf-8", "replace") + b"\\n")
sys.addaudithook(heard)
"""
COMPILED = re.compile(r"__pycache__/([^./]+)\.[^/]*$")


def opened_by(test: str, chosen: str, folder: Path) -> set[str]:
    """The files of the tree that the tests and the processes they start have opened."""
    log = folder / "opened"
    (folder / "sitecustomize.py").write_text(RECORDER, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test, "-k", chosen],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(folder), "OPENED_LOG": str(log)},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=seconds(100),
    )
    inside = f"{ROOT}/"
    names = (line.removeprefix(inside) for line in log.read_text("utf-8").splitlines())
    return {COMPILED.sub(r"\1.py", name) for name in names}


@pytest.mark.parametrize(
    ("test", "chosen", "at_least"),
    [
        ("tests/catalog/test_prices.py", "test", "addon/catalog/declared/tripo.py"),
        ("tests/cli/test_references.py", "test", "scripts/reference_templates/skill.md"),
        ("tests/cli/test_operations.py", "volume-file", "scripts/sandbox/engines/volume.py"),
        ("tests/worker/test_export.py", "test", "addon/worker/script_process.py"),
        ("tests/sandbox/test_front_process.py", "wrong", "scripts/sandbox/__main__.py"),
    ],
)
def test_nothing_is_opened_that_was_not_foreseen(
    tree: Graph, tmp_path: Path, test: str, chosen: str, at_least: str
) -> None:
    foreseen = {need.path for need in tree.test_needs(test)}
    opened = opened_by(test, chosen, tmp_path) & tree.paths
    assert {test, at_least} <= opened
    # pytest's own settings, and they break everything
    assert opened - foreseen <= {"pyproject.toml"}


# ---------------------------------------------------------------- ways to name a file

SMALL_TREE = {
    "addon/__init__.py": "def register():\n    from . import view\n",
    "addon/view.py": "",
    "addon/jobs/__init__.py": "",
    "addon/jobs/__main__.py": "",
    "addon/jobs/store.py": "",
    "addon/jobs/other.py": "",
    "addon/jobs/start.py": "",
    "docs/guide.md": "",
    "notes/store.py": "",
    "tests/cli/test_one.py": "",
}


def small_graph(root: Path, files: dict[str, str]) -> Graph:
    write(root, files)
    return Graph(root, files)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


@pytest.fixture
def needs_of(tmp_path: Path) -> Callable[..., set[str]]:
    """What a file with that source needs, in a small tree."""

    def needs(path: str, source: str, others: Mapping[str, str] | None = None) -> set[str]:
        root = tmp_path / str(len(list(tmp_path.iterdir())))  # what was read is kept by its path
        graph = small_graph(root, SMALL_TREE | {path: source} | dict(others or {}))
        found = {need.path for need in graph.test_needs(path)}
        return found - {path, "addon/__init__.py", "addon/jobs/__init__.py"}

    return needs


Needs = Callable[..., set[str]]
TEST = "tests/cli/test_one.py"
STORE = {"addon/jobs/store.py"}


@pytest.mark.parametrize(
    "source",
    [
        "import addon.jobs.store",
        "from addon.jobs import store",
        "from addon.jobs.store import Store",
        "def late():\n    from addon.jobs import store",
        "monkeypatch.setattr('addon.jobs.store.Store', None)",
        'store = part("jobs.store")',
        "window.evaluate(\"part('jobs.store').Store\")",
        "CODE = 'import sys\\nfrom addon.jobs import store'",
        "CODE = 'from bl_ext.user_default.studio3d.jobs.store import Store'",
        "from bl_ext.user_default.studio3d.jobs import store",
        "import_module(f'{PACKAGE}.jobs.store')",
        "START = ROOT / 'addon' / 'jobs' / 'store.py'",
        "START = 'jobs/store.py'",
    ],
)
def test_ways_to_name_a_module(needs_of: Needs, source: str) -> None:
    assert needs_of(TEST, source) == STORE


@pytest.mark.parametrize(
    "source",
    [
        '"""Tests addon.jobs.store, see docs/guide.md."""',
        "from addon import jobs",
        "says = 'the store of all jobs.'",
        "import json, store",
        "path = tmp_path / 'unknown.py'",
    ],
)
def test_what_names_no_module(needs_of: Needs, source: str) -> None:
    assert needs_of(TEST, source) == set()


def test_a_name_alone_means_every_file_of_that_name(needs_of: Needs) -> None:
    assert needs_of(TEST, "PROGRAM = 'store.py'") == STORE | {"notes/store.py"}


def test_a_folder_in_a_path_means_what_lies_in_it(needs_of: Needs) -> None:
    assert needs_of(TEST, "GUIDES = ROOT / 'docs'") == {"docs/guide.md"}


def test_a_package_that_is_run(needs_of: Needs) -> None:
    assert needs_of(TEST, "log = 'addon.jobs'") == set()
    assert needs_of(TEST, "run('-m', 'addon.jobs')") == {"addon/jobs/__main__.py"}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("tests/cli/test_one.py", "import_module(f'addon.jobs.{name}')"),
        ("addon/more.py", "import_module(f'.jobs.{name}', __package__)"),
        ("addon/more.py", "import_module(f'{__package__}.jobs.{name}')"),
        ("addon/jobs/start.py", "import_module(f'{PACKAGE}.{name}')"),
    ],
)
def test_a_module_that_the_program_chooses(needs_of: Needs, path: str, source: str) -> None:
    assert STORE | {"addon/jobs/other.py"} <= needs_of(path, source)


def test_a_package_that_loads_its_modules_late_needs_them_only_when_used(needs_of: Needs) -> None:
    lazy = (
        "import importlib\ndef get(name):\n    return importlib.import_module(f'{__name__}.{name}')"
    )
    assert needs_of("addon/jobs/__init__.py", lazy) >= STORE
    assert needs_of(TEST, "import addon.view") == {"addon/view.py"}
    assert needs_of(TEST, "from addon import register") == {"addon/view.py"}


def test_a_package_that_loads_something_while_it_is_loaded(needs_of: Needs) -> None:
    loads = "import runpy\nstarted = runpy.run_path('jobs/store.py')"
    found = needs_of(TEST, "import addon.jobs.other", {"addon/jobs/__init__.py": loads})
    assert found == STORE | {"addon/jobs/other.py"}


def test_a_template_that_starts_a_program(needs_of: Needs) -> None:
    found = needs_of(TEST, "run('farm.yaml')", {"farm.yaml": "args: [jobs/store.py]"})
    assert found == STORE | {"farm.yaml"}


def test_what_is_loaded_when_the_extension_is_enabled(tmp_path: Path) -> None:
    test = "tests/blender/test_one.py"
    harness = dict.fromkeys((need.path for need in HARNESS), "")
    graph = small_graph(tmp_path, SMALL_TREE | harness | {test: ""})
    assert broken(graph, "blender", ["addon/view.py"]) == [test]
    assert broken(graph, "blender", ["addon/jobs/store.py"]) == []


@pytest.mark.parametrize("source", ["part('view')", "CODE = \"part('view').show()\""])
def test_a_module_of_the_installed_extension_by_one_word(needs_of: Needs, source: str) -> None:
    assert needs_of(TEST, source) == {"addon/view.py"}


def test_a_sibling_by_its_name(needs_of: Needs) -> None:
    source = "run(Path(__file__).with_name('store.py'))"
    assert needs_of("notes/start.py", source) == {"notes/store.py"}


def test_the_extension_needs_nothing_outside_itself(needs_of: Needs) -> None:
    assert needs_of("addon/jobs/start.py", "see = 'docs/guide.md'") == set()
    assert needs_of(TEST, "see = 'docs/guide.md'") == {"docs/guide.md"}


CONFTEST = """
import pytest
from addon.jobs.start import begin
@pytest.fixture{}
def server():
    begin()
"""
BEGIN = "def begin():\n    from addon.jobs import store"


@pytest.mark.parametrize(
    ("decorator", "test", "needed"),
    [
        ("", "def test_it(server): pass", True),
        ("", "@pytest.mark.usefixtures('server')\ndef test_it(): pass", True),
        ("(autouse=True)", "def test_it(): pass", True),
        ("", "def test_it(other): pass", False),
    ],
)
def test_a_fixture_counts_when_it_is_asked_for(
    tmp_path: Path, decorator: str, test: str, needed: bool
) -> None:
    files = SMALL_TREE | {
        "tests/conftest.py": CONFTEST.format(decorator),
        "addon/jobs/start.py": BEGIN,
        TEST: test,
    }
    found = {need.path for need in small_graph(tmp_path, files).test_needs(TEST)}
    assert {"tests/conftest.py", "addon/jobs/start.py"} <= found
    assert (found >= STORE) == needed


# ---------------------------------------------------------------- what git says

REPOSITORY = {
    "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['tests/cli']\n",
    ".gitignore": "*.log\n",
    "addon/a.py": "A = 1\n",
    "addon/b.py": "B = 1\n",
    "tests/cli/test_a.py": "import addon.a\n",
    "tests/cli/test_b.py": "import addon.b\n",
}
A, B = "tests/cli/test_a.py", "tests/cli/test_b.py"


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(root: Path) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A change")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small tree, committed on its main branch."""
    root = tmp_path / "ein Ordner é"
    write(root, REPOSITORY)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    return root


def test_nothing_changed(repository: Path) -> None:
    (repository / "new.log").touch()  # ignored
    assert affected("plain", root=repository) == []


def test_uncommitted_and_staged(repository: Path) -> None:
    (repository / "addon/a.py").write_text("A = 2\n")
    assert affected("plain", root=repository) == [A]
    git(repository, "add", "--all")
    assert affected("plain", root=repository) == [A]
    commit(repository)
    assert affected("plain", root=repository) == []  # main without a remote is its own base


def test_committed_on_a_branch(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "side")
    (repository / "addon/a.py").write_text("A = 2\n")
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    (repository / "addon/b.py").write_text("B = 2\n")
    commit(repository)
    git(repository, "checkout", "--quiet", "side")
    assert affected("plain", root=repository) == [A]
    assert affected("plain", "HEAD", root=repository) == []
    assert affected("plain", "main", root=repository) == [A, B]


def test_committed_on_main_and_not_pushed(repository: Path) -> None:
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    (repository / "addon/b.py").write_text("B = 2\n")
    commit(repository)
    assert affected("plain", root=repository) == [B]


def test_a_new_file(repository: Path) -> None:
    (repository / "tests/cli/test_c.py").write_text("import addon.c\n")
    assert affected("plain", root=repository) == ["tests/cli/test_c.py"]
    (repository / "tests/conftest.py").touch()
    assert affected("plain", root=repository) == [A, B, "tests/cli/test_c.py"]


def test_a_deleted_file_breaks_who_needed_it(repository: Path) -> None:
    (repository / "addon/a.py").unlink()
    assert affected("plain", root=repository) == [A]
    (repository / A).unlink()
    assert affected("plain", root=repository) == []


def test_a_renamed_file_counts_under_both_names(repository: Path) -> None:
    git(repository, "mv", "addon/a.py", "addon/c.py")
    (repository / B).write_text("import addon.b, addon.c\n")
    commit(repository)
    assert affected("plain", "HEAD~1", root=repository) == [A, B]
    git(repository, "mv", "addon/b.py", "docs.md")
    assert affected("plain", root=repository) == [B]


def test_a_deleted_file_nobody_knows_breaks_everything(repository: Path) -> None:
    (repository / "odd.bin").touch()
    commit(repository)
    assert affected("plain", root=repository) == []
    (repository / "odd.bin").unlink()
    assert affected("plain", root=repository) == [A, B]


def test_a_file_that_is_no_python_breaks_everything(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "addon/a.py").write_text("A = (\n")
    assert affected("plain", root=repository) == [A, B]
    assert "every test runs" in capsys.readouterr().err


def test_without_a_history_everything_runs(repository: Path) -> None:
    (repository / ".git").rename(repository.parent / "away")
    assert affected("plain", root=repository) == [A, B]


# ---------------------------------------------------------------- the command line


def test_it_prints_one_file_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plain", "--base", "HEAD"]) == 0
    assert capsys.readouterr().out == "".join(f"{test}\n" for test in affected("plain", "HEAD"))


def test_a_base_that_does_not_exist_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plain", "--base", "no-such-revision"])
    assert ended.value.code == 2
    assert "no-such-revision" in capsys.readouterr().err
