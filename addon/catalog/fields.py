"""How one field of an operation is declared."""

from dataclasses import dataclass
from typing import Final

from .conditions import Condition
from .encoders import AS_IS, Encoder
from .kinds import Kind
from .messages import Message
from .values import Mode, Value


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a CHOICE field, or one view of a VIEWS field."""

    value: str
    label: str
    description: str = ""
    documented: bool = True
    """False for values older clients know but the service's present documentation does not list:
    sent as given with a note, not offered in the interface."""
    note: str = ""
    """What to know before it is ordered, said wherever it is chosen."""
    whole_figure: bool = False
    """Whether the picture has to show the subject from head to foot."""
    ratio: float = 0.0
    """Of a scale: how often the result goes into its subject; see ``scales``."""


UNNAMED: Final = "OTHER"
"""A CHOICE for which a value beyond the listed ones is wanted, but not given yet: never sent."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of an operation, under the name the whole product uses for it.

    ``default`` None means: left out of the request unless set, the service decides. What the
    service's documentation gives as "auto", as "none" or not at all has none, unless the price
    depends on it.
    ``minimum``/``maximum`` bound numbers (inclusive) and the count of IMAGES/VIEWS/NUMBERS;
    ``max_length`` bounds text in characters.
    """

    name: str
    kind: Kind
    label: str
    description: str = ""
    default: Value | None = None
    start: float | None = None
    """What a number without a default begins with where people set it, well within its bounds; of
    a length (``length_in``) in meters."""
    starts_with: str = ""
    """The CHOICE that forms for people begin with, where what the service does by default is not
    what they come for; lists and commands that do not name the field get the default."""
    only_if_changed: bool = False
    """Left out of the request while it has its default: what is sent may cost more."""
    required: bool = False
    source: Mode | None = None
    """The mode this field is the starting point of; it is then required in that mode."""
    modes: tuple[Mode, ...] = ()
    """Modes the field belongs to; empty means all of the operation's."""
    when: Condition | None = None
    """Only meaningful (shown, accepted, sent) while this holds."""
    otherwise: Value | None = None
    """Sent while ``when`` does not hold, where the service's own default would be wrong then."""
    choices: tuple[Choice, ...] = ()
    pattern: str = ""
    """Regular expression of further values a CHOICE takes, for example ``1:150``."""
    pattern_example: str = ""
    unverified: bool = False
    """Whether nobody knows if the service takes what only the pattern allows, nor what it costs."""
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    is_seed: bool = False
    """Whether the number tells results of the same settings apart."""
    unit: str = ""
    """What the value is counted in, where that is always the same."""
    length_in: str = ""
    """The field that names the unit of this length, where the request chooses it."""
    height_in_metres: float = 0.0
    """Of a number that is the height ordered for the result: the meters that 1 of it stands for."""
    advanced: bool = False
    """Rarely touched: lives in the Advanced sub-panel."""
    encoder: Encoder = AS_IS
    aliases: tuple[str, ...] = ()
    """Other names the command line and batch files accept for it."""
    confidence: str = ""
    """How well the field is known: A documented and seen live, B one of the two, C inferred; as
    well as its operation if it does not say."""

    @property
    def words(self) -> Message:
        """The label as part of a sentence."""
        return Message(self.label)

    def offered_choices(self) -> tuple[Choice, ...]:
        """The choices to show to people: the documented ones."""
        return tuple(choice for choice in self.choices if choice.documented)

    def note_on(self, value: Value | None) -> str:
        """What to know of a chosen value; "" if nothing."""
        return next((choice.note for choice in self.choices if choice.value == value), "")

    def is_unverified(self, value: Value | None) -> bool:
        """Tell whether the service's documentation does not know this value, nor its price."""
        known = [choice.value for choice in self.choices]
        return self.unverified and value is not None and value not in known

    def price_domain(self) -> tuple[Value, ...]:
        """The values that can make a difference to a price."""
        if self.kind is Kind.SWITCH:
            return (False, True)
        if self.kind is Kind.CHOICE:
            return tuple(choice.value for choice in self.offered_choices())
        return ("", "given")
