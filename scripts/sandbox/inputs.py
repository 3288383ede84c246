"""Input files of a task: decoded, moved or fetched into its folder, and looked at."""

import ipaddress
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import requests

from scripts.sandbox.contract import Source, Upload, pictures
from scripts.sandbox.tasks import Remote

MODEL_SUFFIXES = frozenset(
    {".glb", ".gltf", ".obj", ".stl", ".ply", ".fbx", ".usdz", ".3mf", ".zip"}
)
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})

_TIMEOUT = (5, 30)
_CHUNK = 1 << 20


class BadInput(ValueError):
    """An input that came with the request cannot be used."""


class FetchFailed(Exception):
    """An input's address gave nothing usable; the text becomes the task's failure reason."""


def take_in(
    sources: Mapping[str, Source], folder: Path
) -> tuple[dict[str, str], dict[str, Remote]]:
    """Write what came with the request into ``folder``.

    Returns file names by input, and the addresses that are still to be fetched. BadInput when an
    uploaded file is not what it should be.
    """
    files, remotes = {}, {}
    for name, source in sources.items():
        if isinstance(source.origin, Upload):
            files[name] = _take_upload(name, source, source.origin, folder).name
        elif source.origin.startswith("data:"):
            mime, data = pictures.decode(source.origin)
            files[name] = f"{name}{pictures.SUFFIXES[mime]}"
            (folder / files[name]).write_bytes(data)
        else:
            remotes[name] = Remote(address=source.origin, expects=source.expects)
    return files, remotes


def _take_upload(name: str, source: Source, upload: Upload, folder: Path) -> Path:
    suffix = PurePosixPath(upload.filename).suffix.lower()
    allowed = IMAGE_SUFFIXES if source.expects == "image" else MODEL_SUFFIXES
    if suffix not in allowed:
        raise BadInput(
            f"{name}: unsupported file name {upload.filename!r}. "
            f"Supported: {', '.join(sorted(allowed))}."
        )
    if upload.path.stat().st_size == 0:
        raise BadInput(f"{name}: The submitted file is empty.")
    if source.expects == "image":
        pictures.verify(upload.path)
    return Path(shutil.move(upload.path, folder / f"{name}{suffix}"))


def fetch(name: str, remote: Remote, folder: Path, limit: int) -> Path:
    """Download ``remote`` into ``folder``; at most ``limit`` bytes. FetchFailed otherwise.

    Only this machine is reachable: a sandbox has no business on other hosts.
    """
    parts = urlsplit(remote.address)
    shown = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if not _is_loopback(parts.hostname or ""):
        raise FetchFailed(f"Could not download {shown}: only local addresses are reachable.")
    suffix = PurePosixPath(unquote(parts.path)).suffix.lower()
    if suffix not in (IMAGE_SUFFIXES if remote.expects == "image" else MODEL_SUFFIXES):
        raise FetchFailed(f"Could not tell the file format of {shown}.")
    path = folder / f"{name}{suffix}"
    try:
        _download(remote.address, path, limit)
        if remote.expects == "image":
            pictures.verify(path)
    except requests.HTTPError as error:
        raise FetchFailed(f"Could not download {shown}: {error.response.reason}.") from error
    except requests.RequestException as error:
        raise FetchFailed(f"Could not download {shown}: no connection.") from error
    except pictures.NotAnImage as error:
        raise FetchFailed(f"Could not use {shown}: {error}") from error
    return path


def _download(address: str, path: Path, limit: int) -> None:
    with requests.Session() as session:
        session.trust_env = False
        with (
            session.get(address, stream=True, timeout=_TIMEOUT, allow_redirects=False) as answer,
            path.open("wb") as file,
        ):
            answer.raise_for_status()
            for chunk in answer.iter_content(_CHUNK):
                if file.tell() + len(chunk) > limit:
                    raise FetchFailed(f"The file is larger than {limit} bytes.")
                file.write(chunk)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
