"""What a job remembers of where it comes from, as the store keeps it."""

import json

from addon.jobs.origin import (
    BatchPlace,
    ChainPlace,
    Identity,
    OpenFile,
    Origin,
    Placement,
    SentGeometry,
    SentSelection,
    Spot,
)
from addon.jobs.placement_options import Into, PlacementOptions, SizeBy, Where

FULL = Origin(
    file=OpenFile("/home/me/a.blend", "opening", "process", "Scene", 7),
    sent=SentSelection(
        objects=(Identity("Fox", 3, "mark", (8, 24, 6, 1)), Identity("Hen", 4)),
        origin=(1.0, 2.0, 3.0),
        matrix=((1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 2.0), (0.0, 0.0, 1.0, 3.0), (0.0,) * 4),
        scale=0.01,
        apply_modifiers=True,
        geometry=SentGeometry("/results/fox.blend", {"objects": ["Fox"], "frame": 1}),
        textures=2048,
    ),
    chain=ChainPlace("id", 2, 3, last=False, helper=True),
    placement=Placement(
        PlacementOptions(
            Where.SELECTION, SizeBy.HEIGHT, 0.5, origin_at_base=False, into=Into.ACTIVE
        ),
        object=Identity("Stone", 5, "mark"),
        collection=Identity("Garden", 6),
        spot=Spot((1.0, 2.0, 3.0), (0.5, 0.5, 0.075)),
    ),
    batch=BatchPlace("key", "chair-1"),
)

AS_KEPT_BEFORE = {
    "blend": "/home/me/a.blend",
    "opened": "opening",
    "process": "process",
    "scene": "Scene",
    "scene_uid": 7,
    "sent": {
        "objects": [{"session_uid": 3, "mark": "mark", "name": "Fox", "edits": [8, 24, 6, 1]}],
        "origin": [1.0, 2.0, 3.0],
        "matrix": [[1.0, 0.0, 0.0, 1.0]] * 4,
        "scale": 1.0,
        "apply_modifiers": False,
    },
    "chain": {"id": "id", "step": 1, "steps": 2, "last": True, "helper": False},
    "placement": {"where": "CURSOR", "size_by": "FILE", "metres": 1.0, "origin_at_base": True,
                  "into": "OWN"},
}  # fmt: skip
"""By versions that kept it as free JSON, from before textures were baked."""


def read_back(origin: Origin) -> Origin:
    return Origin.from_json(json.loads(json.dumps(origin.to_json())))


def test_all_of_it_is_kept() -> None:
    assert read_back(FULL) == FULL
    assert read_back(Origin()) == Origin()


def test_what_was_kept_before_is_read() -> None:
    found = Origin.from_json(AS_KEPT_BEFORE)
    assert found.file == FULL.file
    assert found.sent is not None
    assert found.sent.objects == (Identity("Fox", 3, "mark", (8, 24, 6, 1)),)
    assert (found.sent.geometry, found.sent.textures) == (None, 0)
    assert found.chain == ChainPlace("id", 1, 2)
    assert found.placement == Placement()
    assert found.batch is None


def test_what_a_newer_version_knows_besides_is_left_out() -> None:
    newer = {**AS_KEPT_BEFORE, "moon": 1, "chain": {"id": "id", "phase": "full"}}
    assert Origin.from_json(newer).chain == ChainPlace("id")
    told = {**AS_KEPT_BEFORE, "placement": {"where": "MOON", "metres": 3.0}}
    assert Origin.from_json(told).placement_options == PlacementOptions()
