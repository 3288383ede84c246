"""Rules for what the interface says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.package.imports import PACKAGE

OPERATORS = PACKAGE / "blender" / "operators"
DRAWN = [PACKAGE / "blender" / name for name in ("operators", "panels", "widgets")]
DIALOGS = re.compile(r"invoke_props_dialog|invoke_confirm|fileselect_add|choose_file")


def operators() -> Iterator[tuple[str, ast.ClassDef]]:
    """Every operator's class, with the file it is in."""
    for path in sorted(OPERATORS.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and member(node, "bl_idname") is not None:
                yield path.name, node


def member(cls: ast.ClassDef, name: str) -> ast.expr | None:
    """What the class sets that member to."""
    for node in cls.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node.value
    return None


def invoked(cls: ast.ClassDef) -> list[ast.stmt]:
    """What the class is made of, and the dialogs that it is one of."""
    dialogs = {
        node.name: node
        for node in ast.parse((OPERATORS / "order_dialog.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    bases = [dialogs[name] for name in map(ast.unparse, cls.bases) if name in dialogs]
    return [*cls.body, *(node for base in bases for node in invoked(base))]


def always_asks(cls: ast.ClassDef) -> bool:
    """Whether a call by a click ends in a dialog, or in nothing."""
    for node in invoked(cls):
        if isinstance(node, ast.FunctionDef) and node.name == "invoke":
            ends = [ast.unparse(one.value) for one in returns(node) if one.value is not None]
            asking = [end for end in ends if DIALOGS.search(end)]
            return bool(asking) and set(ends) - set(asking) <= {"{'CANCELLED'}"}
    return False


def returns(function: ast.FunctionDef) -> list[ast.Return]:
    """Where it ends, but for what follows the yes to a question that was asked already."""
    answered = {
        part
        for node in ast.walk(function)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "self.agree_to_unknown_price"
        for part in ast.walk(node)
    }
    return [
        node for node in ast.walk(function) if isinstance(node, ast.Return) and node not in answered
    ]


def label(cls: ast.ClassDef) -> str:
    said = member(cls, "bl_label")
    return str(said.value) if isinstance(said, ast.Constant) else ""  # that of its base


def test_what_opens_a_dialog_says_so_with_dots() -> None:
    asking = [cls for _, cls in operators() if always_asks(cls)]
    assert len(asking) > 6
    assert [cls.name for cls in asking if not label(cls).endswith("…")] == []
    others = [cls for _, cls in operators() if not always_asks(cls)]
    assert [cls.name for cls in others if label(cls).endswith("…")] == []


def test_so_do_buttons_that_say_something_else() -> None:
    asking = {
        ast.unparse(identifier).removeprefix("ids.")
        for _, cls in operators()
        if always_asks(cls) and (identifier := member(cls, "bl_idname")) is not None
    }
    for text in (call for folder in DRAWN for call in buttons(folder, asking)):
        assert text == "" or text.endswith("…"), text


def buttons(folder: Path, wanted: set[str]) -> Iterator[str]:
    """The literal texts of buttons for these operators."""
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named_texts = dict(constants(tree))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith(".operator"):
                continue
            named = node.args and ast.unparse(node.args[0]).removeprefix("ids.") in wanted
            for keyword in node.keywords if named else ():
                if keyword.arg == "text":
                    text = named_texts.get(ast.unparse(keyword.value), keyword.value)
                    yield last_words(text)


def constants(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What the module gives a name, for example ``USE: Final = "Use for 3D…"``."""
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield ast.unparse(node.target), node.value


def last_words(text: ast.expr) -> str:
    """How a text ends, as far as it is written out."""
    if isinstance(text, ast.JoinedStr):
        return last_words(text.values[-1])
    assert isinstance(text, ast.Constant), ast.unparse(text)
    return str(text.value)


def test_nothing_that_has_to_be_read_is_greyed_out() -> None:
    """Blender's dimmed layouts are for what means nothing now, and too faint for words."""
    for folder in DRAWN:
        for path in sorted(folder.glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(
                    ".active"
                ):
                    said = ast.unparse(node)
                    assert said != f"{ast.unparse(node.targets[0])} = False", f"{path.name}: {said}"


def test_every_price_is_in_credits() -> None:
    """Numbers stand beside what they count."""
    from addon.catalog import Mode, Settings, operations

    for operation in operations():
        for mode in operation.modes or (Mode.TEXT,):
            words = operation.price.estimate(Settings(mode, operation.defaults())).words()
            for part in re.split(r" [+] ", words):
                assert re.match(r"[(]?\d+ credits", part), f"{operation.name}: {words}"
