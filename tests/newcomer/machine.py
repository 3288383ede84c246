"""A bare Debian in a folder, with a user who has just come.

It is entered anew for each command (``enter.sh``): nothing is ever mounted where others see it.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scripts.build import ROOT

ENTER: Final = Path(__file__).with_name("enter.sh")
USER: Final = "newcomer"
CLONE: Final = Path("/home", USER, "studio3d")
MOUNTS: Final = Path("/proc/self/mounts")
PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"

# How package sources are reached from this machine. Caches of it, as pip's `find-links`, stay out.
FILES: Final = ("etc/resolv.conf", "etc/hosts", "etc/pip.conf", "etc/npmrc")
CERTIFICATES: Final = "usr/local/share/ca-certificates"
PROXIES: Final = ("http_proxy", "https_proxy", "no_proxy")
VARIABLES: Final = (
    *PROXIES,
    *(name.upper() for name in PROXIES),
    *(
        "PIP_CERT",
        "PIP_EXTRA_INDEX_URL",
        "PIP_INDEX_URL",
        "PIP_DEFAULT_TIMEOUT",
        "PIP_TRUSTED_HOST",
    ),
    *("NODE_EXTRA_CA_CERTS", "npm_config_registry"),
)

# A new user has root's rights by `sudo`, and says yes to what is asked.
SETTINGS: Final = {
    "etc/sudoers.d/newcomer": (
        f'{USER} ALL=(ALL) NOPASSWD: ALL\nDefaults env_keep += "{" ".join(VARIABLES)}"\n'
    ),
    "etc/apt/apt.conf.d/99newcomer": 'APT::Get::Assume-Yes "true";\n',
}


class Machine:
    """The system in ``root``, a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def start(
        self, line: str, variables: dict[str, str], stdout: int | None = None
    ) -> subprocess.Popen[str]:
        """Start a line inside: as the user, as after a login, in the clone."""
        given = {name: os.environ[name] for name in VARIABLES if name in os.environ} | variables
        kept = ["--whitelist-environment=" + ",".join(given)] if given else []
        text = f"set -euo pipefail; cd {CLONE}; {line}"
        return self._enter(given, stdout, "su", "--login", *kept, USER, "--command", text)

    def set_up(self, archive: Path) -> None:
        """Unpack the system, add its user and what this machine knows about the network."""
        self.root.mkdir(parents=True)
        subprocess.run(["tar", "-xf", str(archive), "-C", str(self.root)], check=True)
        for name in FILES:
            if Path("/", name).is_file():
                shutil.copyfile(Path("/", name), self.root / name)
        if Path("/", CERTIFICATES).is_dir():
            shutil.copytree(Path("/", CERTIFICATES), self.root / CERTIFICATES, dirs_exist_ok=True)
        for name, text in SETTINGS.items():
            (self.root / name).write_text(text, encoding="utf-8")
        self._root("sh", "-c", "! command -v update-ca-certificates || update-ca-certificates")
        self._root("useradd", "--create-home", "--shell", "/bin/bash", USER)

    def clone(self) -> None:
        """Give the user what is committed, and nothing else of this folder."""
        folder = self.root / CLONE.relative_to("/")
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True)
        self._root("chown", "--recursive", f"{USER}:", str(CLONE))

    def inside(self, path: str) -> Path:
        """A file of the clone, as it is seen from outside."""
        return self.root / CLONE.relative_to("/") / path

    def _root(self, *command: str) -> None:
        """Run a command inside, as root; ``CalledProcessError`` where it fails."""
        with self._enter({}, subprocess.DEVNULL, *command) as process:
            if process.wait():
                raise subprocess.CalledProcessError(process.returncode, command)

    def _enter(
        self, variables: dict[str, str], stdout: int | None, *command: str
    ) -> subprocess.Popen[str]:
        """Start a command inside. All there is in there ends with this process, or with ours."""
        with_us = ["setpriv", "--pdeathsig", "KILL"]
        namespaces = [*with_us, "unshare", "--mount", "--pid", "--fork", "--kill-child"]
        return subprocess.Popen(
            [*namespaces, "sh", str(ENTER), str(self.root), *command],
            env={"PATH": PATH, "LANG": "C.UTF-8"} | variables,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            text=True,
        )


def remove(root: Path, mounts: Path = MOUNTS) -> None:
    """Remove the folder; never through something that is mounted in it, which is ``OSError``."""
    # Columns: what, where, …; a blank in a path is written \040.
    lines = mounts.read_text(encoding="utf-8").splitlines()
    points = [Path(line.split()[1].replace("\\040", " ")) for line in lines]
    mounted = [point for point in points if point.is_relative_to(root.resolve())]
    if mounted:
        raise OSError(f"Something is mounted at {mounted[0]}: unmount it, then remove {root}")
    if root.exists():
        shutil.rmtree(root)


@contextmanager
def machine(root: Path, archive: Path) -> Iterator[Machine]:
    """A new one, which is removed at the end, whatever happens."""
    remove(root)
    made = Machine(root)
    try:
        made.set_up(archive)
        made.clone()
        yield made
    finally:
        remove(root)
