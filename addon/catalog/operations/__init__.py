"""One declaration per operation of the service, in the order they are offered."""

from ..operation import Operation
from .tencent_pro import TENCENT_PRO
from .tencent_rapid import TENCENT_RAPID
from .trellis import TRELLIS

OPERATIONS: tuple[Operation, ...] = (TENCENT_RAPID, TENCENT_PRO, TRELLIS)
