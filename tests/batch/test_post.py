"""The column post: what it may say, and what it says when it is wrong."""

import pytest

from addon.batch.post import BadPost, Followup, parse_post


def test_all_steps_together() -> None:
    post = parse_post(
        "optimize(preset=game, output_format=glb); clean; size=1.8m; origin=center;"
        " lods=0.5,0.25; export=fbx, obj; asset=Props / Chairs"
    )
    assert post.followups == (Followup("optimize", {"preset": "game", "output_format": "glb"}),)
    assert (post.clean, post.size, post.origin, post.lods) == (True, 1.8, "center", (0.5, 0.25))
    assert (post.exports, post.asset, post.catalog) == (("fbx", "obj"), True, "Props/Chairs")


def test_textures_are_baked_unless_they_are_off() -> None:
    sizes = [parse_post(text).textures for text in ("", "textures=1024", "textures=off")]
    assert sizes == [2048, 1024, 0]


def test_a_list_of_steps_is_the_same_as_text() -> None:
    assert parse_post(["repair", "scale=2"]) == parse_post("repair; scale=2")


def test_nothing_is_nothing() -> None:
    assert parse_post("") == parse_post([]) == parse_post(" ; ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("polish", 'There is no step "polish"'),
        ("trellis", "does not take a model file"),
        ("scale=big", "is not a number"),
        ("size=0", "more than 0"),
        ("lods=2", "between 0 and 1"),
        ("lods=", "between 0 and 1"),
        ("export=exe", "choose from glb"),
        ("origin=left", "choose one of base"),
        ("scale=2; repair", "before the steps done in Blender"),
        ("repair=yes", "in parentheses"),
        ("repair(fast)", "option=value"),
        ("asset=a:b", "colon"),
        ("clean=1", "no value"),
        ("textures=100", "choose one of off, 1024"),
        ("size(1)", "Write size=value"),
        (3, "text or a list"),
    ],
)
def test_a_wrong_step_is_named(text: object, said: str) -> None:
    with pytest.raises(BadPost) as caught:
        parse_post(text)
    assert said in str(caught.value)
