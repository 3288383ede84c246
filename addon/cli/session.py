"""What the commands share: places, address, key, client and store, each made when first needed."""

import argparse
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..jobs.places import HOME_NAME, Places, find_places
from ..service.addresses import ADDRESS_NAMES, check_address, is_loopback, resolve_address
from ..service.dotenv import FILE_NAME, read_dotenv
from ..service.keys import FoundKey, find_key, stands_in
from ..service.limits import READ_TIMEOUT
from ..service.path_room import too_deep
from ..service.redaction import RedactingFormatter
from ..service.stopping import Stop
from ..service.version import version
from ..worker.logs import FORMAT
from .environment import Environment
from .exits import Refused
from .output import Output

if TYPE_CHECKING:
    from ..jobs.photos import PhotoReader
    from ..jobs.sendable_pictures import PictureFitter
    from ..jobs.store import Store
    from ..service.client import Client

OFFLINE = "STUDIO3D_OFFLINE"
"""Set by Blender for the command line it starts, when Blender may not use the network."""
OFFLINE_PREFERENCE = "preference"
"""Its value when nothing but the preference says so; a service on this machine is then allowed."""

USER_AGENT = f"studio3d-cli/{version()}"


class Session:
    """One run of the command line."""

    def __init__(self, environment: Environment, arguments: argparse.Namespace) -> None:
        self.environment = environment
        self.arguments = arguments
        self.output = Output(environment, quiet=arguments.quiet, as_json=arguments.json)
        self.formatter = RedactingFormatter(FORMAT)
        """Of the log, which must not tell the key."""
        self.stop = Stop()

    @cached_property
    def places(self) -> Places:
        """Where the job list, key and logs are; raises Refused."""
        if self.arguments.data_dir:
            return Places(self.path(self.arguments.data_dir))
        try:
            return find_places(self.environment.environ)
        except RuntimeError:
            raise Refused(
                "no_home",
                "This system does not say where your home folder is.",
                f"Set HOME, or {HOME_NAME} to a folder of yours.",
            ) from None

    @cached_property
    def address(self) -> str:
        """The service address; raises BadAddress.

        Never from ``.env``: a folder from somebody else would be sent the key. That is said.
        """
        if self.arguments.base_url:
            return check_address(self.arguments.base_url)
        used = resolve_address(self.environment.environ)
        folder = self.environment.cwd
        try:
            settings = read_dotenv(folder)
        except OSError:  # who looks for a key in it says so
            settings = {}
        for name in ADDRESS_NAMES:
            if settings.get(name, "").strip().rstrip("/") not in {"", used}:
                self.output.say(
                    f"{name} in {folder / FILE_NAME} is not used: a folder does not decide where "
                    f"the key goes. It goes to {used}; --base-url or the environment say otherwise."
                )
        return used

    @cached_property
    def found_key(self) -> FoundKey:
        """The key and where it came from; raises NoKey or BadKey, and Refused when offline."""
        self.check_online()
        found = find_key(
            environ=self.environment.environ,
            folder=self.environment.cwd,
            key_file=self.places.key_file,
        )
        self.formatter.add_secret(found.key)
        if stands_in(found, self.places.key_file):
            self.output.say(f"The key is {found.source}, and not the one saved on this machine.")
        return found

    def check_online(self) -> None:
        """Raise Refused if the Blender this runs for does not allow using the network."""
        reason = self.environment.environ.get(OFFLINE, "")
        if not reason or (reason == OFFLINE_PREFERENCE and is_loopback(self.address)):
            return
        words = {
            OFFLINE_PREFERENCE: "Online access is off in Blender's system preferences.",
        }.get(reason, "Blender was started in offline mode.")
        raise Refused(
            "offline",
            f"{words} Nothing was sent.",
            "Start Blender with --online-mode, or allow online access in its preferences.",
        )

    @cached_property
    def client(self) -> "Client":
        """The service, spoken to with the user's key."""
        from ..service.client import Client

        return Client(
            self.address,
            self.found_key.key,
            read_timeout=self.arguments.timeout or READ_TIMEOUT,
            user_agent=USER_AGENT,
            stop=self.stop,
        )

    @cached_property
    def store(self) -> "Store":
        """The user's job list; raises StoreUnusable."""
        from ..jobs.store import Store

        return Store(self.places.store, clock=self.environment.clock)

    @cached_property
    def fitter(self) -> "PictureFitter | None":
        """Makes copies of pictures that the service would not take; None without a Blender."""
        from ..worker.pictures import BlenderPictures, fit_command

        program = self.environment.blender(getattr(self.arguments, "blender", None))
        if program is None:
            return None
        return BlenderPictures(fit_command(program), self.stop)

    @cached_property
    def photo_reader(self) -> "PhotoReader | None":
        """Tells what is wrong with photos; None without a Blender."""
        from ..worker.pictures import BlenderPhotos, photo_command

        program = self.environment.blender(getattr(self.arguments, "blender", None))
        return None if program is None else BlenderPhotos(photo_command(program), self.stop)

    def writable(self, folder: Path) -> Path:
        """The folder, made if need be and tried; raises Refused. Before anything is paid."""
        self.refuse_too_deep(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise Refused(
                "output_unusable",
                f"Results cannot be written to {folder}: {error.strerror}. Nothing was sent.",
                "Choose another folder.",
            ) from None
        return folder

    def refuse_too_deep(self, folder: Path) -> None:
        """Raise Refused for a folder that has no room for all that is made in it."""
        deep = too_deep(folder, self.environment.platform)
        if deep is not None:
            raise Refused("output_unusable", f"{deep} Nothing was sent.", "Choose another folder.")

    def path(self, given: str) -> Path:
        """A path from the command line, absolute; raises Refused."""
        try:
            return (self.environment.cwd / Path(given).expanduser()).absolute()
        except RuntimeError:
            raise Refused("usage", f"{given} begins with no user's home folder.") from None
        except FileNotFoundError:
            raise Refused(
                "folder_unusable",
                f"The folder that {given} is to be in is gone: this was started there.",
                "Change to another folder and start it again.",
            ) from None
