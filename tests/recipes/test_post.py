"""The column post: what it may say, and what it says when it is wrong."""

import pytest

from addon.recipes.post import BadStep, Followup, parse_post


def test_all_steps_together() -> None:
    post = parse_post(
        "optimize(preset=game, output_format=glb); clean; size=1.8m; origin=center;"
        " lods=0.5,0.25; export=fbx, obj; asset=Props / Chairs"
    )
    assert post.followups == (Followup("optimize", {"preset": "game", "output_format": "glb"}),)
    assert (post.clean, post.size, post.origin, post.lods) == (True, 1.8, "center", (0.5, 0.25))
    assert (post.exports, post.asset, post.catalog) == (("fbx", "obj"), True, "Props/Chairs")


def test_what_is_written_says_the_same_again() -> None:
    recipe = "repair; lods=0.5; export=glb"
    post = parse_post("optimize(preset=low); lods=0.2; base(disc, 30mm)", recipe)
    assert post.written == ("repair; optimize(preset=low); lods=0.2; export=glb; base(disc, 30mm)")
    assert parse_post(post.written) == post
    assert "written" not in post.local()


def test_textures_are_baked_unless_they_are_off() -> None:
    sizes = [parse_post(text).textures for text in ("", "textures=1024", "textures=off")]
    assert sizes == [2048, 1024, 0]


def test_a_list_of_steps_is_the_same_as_text() -> None:
    assert parse_post(["repair", "scale=2"]) == parse_post("repair; scale=2")


def test_nothing_is_nothing() -> None:
    assert parse_post("") == parse_post([]) == parse_post(" ; ")


def test_what_is_done_for_a_printer() -> None:
    """Lengths are millimetres, and a base needs a closed model: it is mended first."""
    text = 'height=54mm; print-fix(flat=0.5mm, loose=off); base(hex, 3cm, text="Anna, B; C")'
    post = parse_post(f"{text}; colors(3); export=stl,3mf,fbx")
    order = dict(post.printing or {})
    assert post.height == pytest.approx(0.054)
    assert order["to"] == ["stl", "3mf"]
    assert (order["fix"]["flat"], order["fix"]["loose"], order["fix"]["holes"]) == (
        0.5,
        False,
        True,
    )
    base = order["base"]
    assert (base["shape"], base["diameter"], base["text"]) == ("hex", 30.0, "Anna, B; C")
    assert order["colors"]["filaments"] == 3
    hollow = dict(parse_post("hollow(2.5mm, holes=1)").printing or {})
    assert (hollow["hollow"]["wall"], hollow["hollow"]["holes"]) == (2.5, 1)
    assert hollow["fix"] is not None
    named = dict(parse_post('base(disc, 30mm, text="Anna")').printing or {})["base"]
    assert (named["shape"], named["diameter"], named["text"]) == ("disc", 30.0, "Anna")
    assert parse_post("base").printing == parse_post("print-fix; base(disc)").printing


def test_a_check_may_be_told_what_prints() -> None:
    told = "print-check(printer=prusa-mini, nozzle=0.6mm, material=petg, price=30)"
    order = dict(parse_post(told).printing or {})
    assert (order["to"], order["limits"]["printer"]) == ([], "prusa-mini")
    assert order["limits"] | {"nozzle": 0.6, "wall": 1.2, "layer": 0.3} == order["limits"]
    assert "fix" not in order


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("export=stl", None),
        ("export=3mf,stl,ply", ["stl", "3mf"]),
        ("export=3mf", ["3mf"]),
        ("print-check", []),
        ("print-check; export=stl,obj", ["stl"]),
        ("print-fix", ["stl", "3mf"]),
        ("colors(2); export=stl", ["stl", "3mf"]),
    ],
)
def test_which_files_are_for_a_printer(text: str, to: list[str] | None) -> None:
    """The others Blender writes, as they were before there was a printer."""
    order = parse_post(text).printing
    assert (order and order["to"]) == to


def test_rows_without_a_printer_stay_what_they_were() -> None:
    """What is made of them is recognised by this document, in folders of earlier versions too."""
    assert set(parse_post("height=2; export=stl").local()) == {
        *("scale", "size", "height", "origin", "textures", "clean"),
        *("lods", "exports", "asset", "catalog"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print-check=1", "in parentheses"),
        ("print-check(printer=abacus)", "choose one of prusa-mk4"),
        ("print-check(nozzle=0)", "a length in mm"),
        ("print-check(speed=1)", "none of nozzle"),
        ("print-check(overhang=120)", "up to 89"),
        ("print-fix(holes=maybe)", "on or off"),
        ("print-fix(7)", '"7" is none of'),
        ("base(round)", "none of disc, square, hex, plinth"),
        ("base(disc, square)", "given twice"),
        ("base(shape=round)", "choose one of disc"),
        ("base(diameter=4ft)", "write 0 to 10000 mm"),
        ("base(bevel=-1)", "write 0 to 100 mm"),
        ("base(disc); base(hex)", "written twice"),
        ("base(disc); repair", "before the steps done in Blender"),
        ("hollow(0.1mm)", "write 0.4 to 100 mm"),
        ("hollow(2mm, holes=9)", "write 0 to 8"),
        ("colors(9)", "write 2 to 8"),
        ("colors(2.5)", "write 2 to 8"),
        ("colors(palette=red)", "is no color"),
        ("polish", 'There is no step "polish"'),
        ("trellis", "does not take a model file"),
        ("scale=big", "is not a number"),
        ("scale=2m", "is not a number"),
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
    with pytest.raises(BadStep) as caught:
        parse_post(text)
    assert said in str(caught.value)
