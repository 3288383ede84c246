"""What is fixed when the sandbox starts, and what may change while it runs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MEGABYTE = 1 << 20


class Behaviour(BaseModel):
    """Everything the public sources leave open, and the speed; a test may change it at run time."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    time_scale: Annotated[float, Field(ge=0)] = 1.0
    """Factor on the usual duration of the work; the engine's own time is the lower bound."""
    asset_lag: Annotated[float, Field(ge=0)] = 4.0
    """Seconds (before scaling) for which a FINISHED task still has ``asset: null``."""
    result_hours: Annotated[float, Field(gt=0)] = 24.0
    """A task is forgotten (404) this long after its end."""
    link_seconds: Annotated[float, Field(gt=0)] = 3600.0
    """Life of one signed link."""
    rate_limit: Annotated[int, Field(ge=0)] = 3
    """POSTs in ``rate_window`` seconds per key."""
    rate_window: Annotated[float, Field(gt=0)] = 60.0
    throttle_reads: bool = False
    """Count GETs too."""
    throttle_text_key: Literal["error", "detail"] = "error"
    retry_after: bool = True
    """Send the Retry-After header."""
    error_shape: Literal["service", "detail", "fields"] = "service"
    """How a 400 tells what is wrong."""
    lower_case_codes: bool = False
    old_wallet_path: bool = False
    """Answer under /user/wallet/ too."""
    asset_key: Literal["asset", "asset_url"] = "asset"


@dataclass(frozen=True, slots=True)
class Options:
    """Fixed for the life of one process."""

    host: str = "127.0.0.1"
    port: int = 0
    storage_port: int = 0
    state_dir: Path | None = None
    """None: a temporary folder that goes away with the process."""
    balance: int = 10_000
    """Credits of a key seen for the first time."""
    keys: tuple[str, ...] = ("sandbox-key",)
    expired_key: str = "expired-key"
    revoked_key: str = "revoked-key"
    upload_limit: int = 200 * MEGABYTE
    """Bytes of one request body or of one fetched address; more is a 413 or a FAILED task."""
    processes: int = 2
    draft: bool = False
    """Models come with coarse surfaces and small textures, in a fraction of the time."""
    behaviour: Behaviour = field(default_factory=Behaviour)
    faults: tuple[str, ...] = ()
