"""Recipes in lists, under the names they have everywhere, and the budget of a batch."""

import json
from pathlib import Path
from typing import Any

import pytest

from addon.batch.lists import Entry
from addon.batch.rows import BadRow, Checker, Row
from addon.recipes.post import parse_post
from addon.recipes.recipe import SHIPPED
from addon.recipes.saved import Recipes
from tests.batch.conftest import Batch, write_csv, write_model

VOLUME = 20


def check(folder: Path, **cells: Any) -> Row | BadRow:
    recipes = Recipes(folder / "recipes")
    entry = Entry(folder / "list.csv", 2, {"prompt": "a crate", **cells})
    (row,) = Checker(recipes=recipes).check([entry])
    return row


def ordered(row: Row | BadRow) -> Row:
    assert isinstance(row, Row), row
    return row


@pytest.mark.parametrize("name", SHIPPED)
def test_a_row_may_name_a_recipe_that_comes_along(tmp_path: Path, name: str) -> None:
    row = ordered(check(tmp_path, operation="tencent-rapid", recipe=name))
    assert row.post == parse_post(SHIPPED[name].steps)
    plain = ordered(check(tmp_path, operation="tencent-rapid"))
    assert (row.price > plain.price) is bool(row.post.followups)


def test_what_the_row_says_itself_counts_and_orders_follow_those_of_the_recipe(
    tmp_path: Path,
) -> None:
    recipes = Recipes(tmp_path / "recipes")
    recipes.save("Unser Faß", "repair; triangles=900; lods=0.5; export=glb")
    row = ordered(
        check(
            tmp_path,
            operation="tencent-rapid",
            recipe="Unser Faß",
            post="optimize; triangles=300",
        )
    )
    assert [order.operation for order in row.orders] == ["tencent-rapid", "repair", "optimize"]
    assert (row.post.triangles, row.post.lods, row.post.exports) == (300, (0.5,), ("glb",))


def test_a_recipe_may_be_a_file_beside_the_list(tmp_path: Path) -> None:
    document = {"recipe": "Crates", "steps": ["collision=unity"]}
    (tmp_path / "crates.json").write_text(json.dumps(document))
    row = ordered(check(tmp_path, operation="tencent-rapid", recipe="crates.json"))
    assert row.post.collision == "unity"


@pytest.mark.parametrize(
    ("recipe", "written", "said"),
    [
        ("game-props", None, 'There is no recipe "game-props". There are: game-prop, hero'),
        ("gone.json", None, "gone.json cannot be read"),
        ("odd.json", "{}", "odd.json is no recipe."),
        ("odd.json", "[", "odd.json is no recipe."),
        ("odd.json", '{"recipe": "x", "steps": ["lods=3"]}', "between 0 and 1"),
    ],
)
def test_what_is_no_recipe_is_told_with_the_row(
    tmp_path: Path, recipe: str, written: str | None, said: str
) -> None:
    if written is not None:
        (tmp_path / recipe).write_text(written)
    row = check(tmp_path, operation="tencent-rapid", recipe=recipe)
    assert isinstance(row, BadRow)
    assert row.problems[0].field == "recipe"
    assert said in row.problems[0].message


@pytest.mark.fault(
    "A batch takes more credits than its budget",
    "Nothing more is ordered; the rest is told, and ordered by a run with a larger one",
)
def test_a_budget_ends_the_orders_and_a_larger_one_goes_on(batch: Batch) -> None:
    rows = [(write_model(batch.folder / f"m{n}.glb", 1 + n / 10).name,) for n in range(4)]
    write_csv(batch.folder / "list.csv", ("model_file",), *rows)
    given = ("list.csv", "--operation", "volume")
    before = len(batch.spent())
    done = batch.run(*given, "--budget", str(3 * VOLUME - 1))
    assert done.code == 4
    assert len(batch.spent()) == before + 2
    assert batch.statuses() == ["finished", "finished", "waiting", "waiting"]
    assert "The budget of 59 credits leaves no room" in done.words
    assert batch.run(*given, "--budget", str(3 * VOLUME)).code == 4
    assert len(batch.spent()) == before + 3
    assert batch.run(*given).code == 0
    assert len(batch.spent()) == before + 4
    assert batch.statuses() == ["finished"] * 4
