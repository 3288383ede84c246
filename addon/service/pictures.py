"""What a picture is, and what has to change before it is sent: its kind, its bytes, its sides."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ..catalog.messages import Message, joined
from .errors import InputUnreadable, UploadTooLarge
from .image_headers import ImageHeader, foreign_kind, read_image_header
from .limits import unreadable
from .orientation import UPRIGHT, read_orientation
from .picture_sizes import MOST_PIXELS, sides_of
from .whole_files import open_to_read

MAX_BYTES: Final = 10 * 10**6
MIN_SIDE: Final = 128
MAX_SIDE: Final = 5000
MAX_SHAPE: Final = MAX_SIDE / MIN_SIDE
"""Longer to shorter side; what is narrower can be scaled to no size that is taken."""

HEAD_BYTES: Final = 64 * 1024
"""Where nearly every picture has told its size; of the others more is read."""

UNREADABLE: Final = "HEIC"
"""A kind that no Blender has a reader for."""

KINDS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it lies there. ``header`` is None for kinds the service does not take."""

    name: str
    kind: str
    size: int
    """Bytes."""
    header: ImageHeader | None
    orientation: int = UPRIGHT
    """How it lies, as EXIF counts it."""

    @property
    def can_go_as_it_is(self) -> bool:
        """Whether the service could be sent this file; whether it takes its sides is its word."""
        return self.header is not None and self.size <= MAX_BYTES

    @property
    def changes(self) -> tuple[Message, ...]:
        """What has to be done to it so that the service takes it; empty: it goes as it is."""
        found = []
        if self.header is None:
            found.append(Message("converted from {kind}", kind=self.kind))
        elif not self.header.is_plain:
            found.append(Message("in 8-bit colors"))
        if self.orientation != UPRIGHT:
            found.append(Message("turned upright"))
        if self.header is None:
            return tuple(found)
        if max(self.header.width, self.header.height) > MAX_SIDE:
            found.append(Message("scaled down"))
        elif min(self.header.width, self.header.height) < MIN_SIDE:
            found.append(Message("scaled up"))
        elif self.size > MAX_BYTES:
            found.append(Message("in fewer bytes"))
        return tuple(found)

    def words(self) -> Message:
        """Say that a copy is sent, and how it differs; there are ``changes``."""
        changes = joined("{first}, {then}", self.changes)
        return Message("{name} is sent as a copy: {changes}.", name=self.name, changes=changes)

    def words_unchanged(self) -> Message:
        """Say that the file goes as it is though there are ``changes`` to make."""
        changes = joined("{first}, {then}", self.changes)
        return Message(
            "{name} goes as it is, as no Blender is at hand; the service may want it {changes}.",
            name=self.name,
            changes=changes,
        )

    def check(self, *, can_change: bool) -> None:
        """Raise InputUnreadable or UploadTooLarge for what cannot be sent, changed or not."""
        header = self.header
        if header is not None and max(header.width, header.height) > MAX_SHAPE * max(
            1, min(header.width, header.height)
        ):
            raise InputUnreadable(
                Message(
                    "{name} is too narrow: {width} x {height} pixels.",
                    name=self.name,
                    width=header.width,
                    height=header.height,
                ),
                hint="Cut it closer to the subject.",
            )
        if self.kind == UNREADABLE:
            raise InputUnreadable(
                Message("{name} is a HEIC picture, which Blender cannot read.", name=self.name),
                hint="Save it as JPEG and choose that.",
            )
        if can_change or self.can_go_as_it_is:
            return
        if header is None:
            raise InputUnreadable(
                Message(
                    "{name} is a picture in {kind}, and the service takes PNG, JPEG and WebP.",
                    name=self.name,
                    kind=self.kind,
                ),
                hint="Save it as PNG or JPEG and choose that; with a Blender at hand it is "
                "converted.",
            )
        raise too_large(self.name, self.size)


def look_at(path: Path) -> Picture:
    """What a local picture is; raises InputUnreadable for what is none, or has too many pixels."""
    try:
        size = path.stat().st_size
        with open_to_read(path) as file:
            head = file.read(HEAD_BYTES)
            if read_image_header(head) is None and not foreign_kind(head):
                head += file.read(MAX_BYTES)
            file.seek(0)
            orientation = read_orientation(file)
            file.seek(0)
            sides = sides_of(file)
    except OSError as error:
        raise unreadable(path, error) from error
    if sides is not None and not sides.is_modest:
        raise InputUnreadable(
            Message(
                "{name} has {width} x {height} pixels; no more than {most} megapixels are read.",
                name=path.name,
                width=sides.width,
                height=sides.height,
                most=MOST_PIXELS // 10**6,
            ),
            hint="Save it smaller and choose that.",
        )
    return replace(recognized(head, size, path.name), orientation=orientation)


def recognized(head: bytes, size: int, name: str) -> Picture:
    """The picture that starts with ``head`` and has ``size`` bytes; ``name`` is for the messages.

    Raises InputUnreadable.
    """
    if not size:
        raise InputUnreadable(Message("{name} is empty.", name=name))
    header = read_image_header(head)
    if header is not None:
        return Picture(name, KINDS[header.media_type], size, header)
    kind = foreign_kind(head)
    if not kind:
        raise InputUnreadable(
            Message("{name} is not a picture that can be sent.", name=name),
            hint="Save it as PNG or JPEG.",
        )
    return Picture(name, kind, size, None)


def too_large(name: str, size: int) -> UploadTooLarge:
    """The picture has too many bytes."""
    return UploadTooLarge(
        Message(
            "{name} is too large: {size:.1f} MB, at most {most:.0f} MB can be sent.",
            name=name,
            size=size / 1e6,
            most=MAX_BYTES / 1e6,
        ),
        hint="Save the picture smaller, for example as JPEG.",
    )
