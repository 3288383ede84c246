"""Every operator on one job, called for a job that another Blender has taken off the list."""

from typing import Any

import bpy
import pytest

from tests.blender.conftest import part

ops: Any = bpy.ops  # the stubs know no operators of extensions


def on_one_job() -> list[str]:
    base = part("blender.operators.one_job").OneJobOperator
    todo, found = [base], []
    while todo:
        cls = todo.pop()
        todo.extend(cls.__subclasses__())
        if "bl_idname" in cls.__dict__:
            found.append(str(cls.bl_idname).removeprefix("studio3d."))
    return sorted(found)


def said_of(name: str) -> str:
    """What the operator tells of a job that nobody knows."""
    try:
        (answer,) = getattr(ops.studio3d, name)(job_id="gone")
    except RuntimeError as told:  # an error that was reported comes as this
        return str(told)
    return str(answer)


@pytest.mark.oldest_and_newest
def test_a_job_that_is_gone_ends_in_a_sentence(
    store: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    names = [name for name in on_one_job() if getattr(ops.studio3d, name).poll()]
    assert {"cancel", "retry", "run_again", "use_settings", "import_as_new"} <= set(names)
    said = {name: said_of(name) for name in names}
    assert {name: words for name, words in said.items() if "Traceback" in words} == {}
    assert "FINISHED" not in said.values()
    assert "Traceback" not in capfd.readouterr().err
    assert store.all() == []
