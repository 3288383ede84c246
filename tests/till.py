"""A sandbox as a test of faults sees it: trouble on demand, and what was charged in the end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from tests.patience import seconds
from tests.sandboxes import Sandbox


@dataclass(frozen=True, slots=True)
class Till:
    """The controls of one sandbox."""

    sandbox: Sandbox

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Use the sandbox's controls for tests."""
        url = f"{self.sandbox.address}/_sandbox/{path}"
        answer = requests.request(method, url, json=body, timeout=seconds(10))
        answer.raise_for_status()
        return answer.json()

    def trouble(self, name: str, **how: float | None) -> None:
        """Arm a fault: ``trouble("status-429", value=1, times=3)``."""
        self.control("POST", "faults", {"name": name, **how})

    def no_trouble(self) -> None:
        """Everything goes well from now on."""
        self.control("DELETE", "faults")

    def charges(self) -> dict[str, int]:
        """What was charged for each task, after refunds."""
        booked: Counter[str] = Counter()
        for entry in self.control("GET", "log")["transactions"]:
            booked[entry["task"]] -= entry["amount"]
        return {task: price for task, price in booked.items() if price}

    def orders(self) -> Counter[str]:
        """How many orders were taken of each prompt."""
        seen = self.control("GET", "log")["requests"]
        taken = [one for one in seen if one["method"] == "POST" and one["status"] in {200, 201}]
        return Counter(str((one.get("fields") or {}).get("prompt")) for one in taken)
