"""Which tests run in every supported Blender, and which in the oldest and the newest alone.

A file is tried in every version when what it tries is Blender's own and may differ from one version
to the next: what is registered, drawn, imported, exported, appended, saved and started. What our
own code decides is the same between the oldest and the newest, so it runs in these two; that is
where a new file runs, unless it is named here. A test of a file named here that tries no more of
Blender than others of it is marked ``oldest_and_newest``. ``make test-blender WHOLE=1``
runs all of it everywhere.
"""

from typing import Final

import pytest

MARK: Final = "oldest_and_newest"
IN_EVERY_VERSION: Final = {
    "test_append_result.py": "how a .blend is appended, and what a failure of that leaves",
    "test_assets.py": "what Blender knows of an asset, and how a library is written",
    "test_caches.py": "what its USD importer makes of animation",
    "test_carrying.py": "armatures, shape keys, modifiers and constraints as its data has them",
    "test_choosing.py": "what a new file of it takes over, and its events",
    "test_command.py": "its command line",
    "test_delivered_scenes.py": "what its importers make of trees of objects",
    "test_export_selection.py": "one whole way: what it exports, and what comes back for it",
    "test_faults.py": "its undo, revert and purge",
    "test_generate.py": "its operators, as buttons call them",
    "test_image_panel.py": "how it lays this panel out",
    "test_importer_failures.py": "how its importers fail, and in which words",
    "test_installation.py": "how it installs, enables and updates an extension",
    "test_job_menu.py": "how it lays this menu out",
    "test_job_monitor.py": "one whole way: from a prompt to the scene",
    "test_languages.py": "how it translates",
    "test_looks_the_same.py": "what its exporter and importers keep, by its renderer",
    "test_menus.py": "which menus it has",
    "test_mesh_stats.py": "its meshes, read as arrays",
    "test_miniature.py": "how it lays this panel out",
    "test_names_and_sharing.py": "how it names, links and shares data",
    "test_nested.py": "what an operator says of one that it calls",
    "test_operators.py": "how it registers and names operators",
    "test_order_entries.py": "how it lays this list out",
    "test_panels.py": "how it lays panels out",
    "test_photos.py": "its previews of pictures",
    "test_picture_slots.py": "its previews, and how it lays slots out",
    "test_placement.py": "its transforms, collections and units",
    "test_preferences.py": "how it keeps preferences",
    "test_prepare.py": "what it does in the background, and what its importers read",
    "test_presets.py": "its presets",
    "test_prompts.py": "its texts, and how it lays the prompt out",
    "test_properties.py": "how it names, keeps and reads properties",
    "test_references.py": "which files its importers look for",
    "test_registration.py": "how it registers, and what it leaves",
    "test_results_panel.py": "how it lays this panel out",
    "test_seen_is_sent.py": "what its exporter writes",
    "test_status_bar.py": "how it lays its status bar out",
    "test_survives.py": "what its importers keep",
    "test_takes_place.py": "what its scenes hold beside plain objects",
}
"""File of this folder -> what of Blender it tries."""


def mark(item: pytest.Item) -> None:
    """Mark a test of a file that is not named here."""
    if item.path.name not in IN_EVERY_VERSION:
        item.add_marker(MARK)
