"""A real Blender in a window of its own, driven like a user drives it.

    make_user(folder, blender, archive)
    with BlenderWindow(blender, folder) as window:
        window.open_sidebar("3D AI Studio")
        window.click_text("Generate")                       # looks for it on the screen
        window.wait_until("len(bpy.data.objects) > 3")      # asks inside Blender
        window.screenshot("after-generate")

``display.py`` is the virtual screen, mouse and keyboard; ``screen_text.py`` finds words in a
picture of it; ``driver.py`` runs inside Blender and answers questions through files;
``user.py`` installs the extension; ``blender_window.py`` puts them together. Fixtures are in
``tests/window/conftest.py``.

Act by mouse and keyboard, assert by ``evaluate`` and ``wait_until``. Positions are pixels of the
screen from its upper left corner. Nothing here waits for a fixed time.
"""

from .blender_window import BlenderWindow
from .display import Display
from .geometry import Point, Rect
from .user import make_user

__all__ = ["BlenderWindow", "Display", "Point", "Rect", "make_user"]
