"""What the Candidates panel asks for: a round of pictures, and models of those that are picked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...catalog import Field, Kind, Mode, Operation, Value, get
from ...jobs.candidates import FEWEST, MOST, round_values
from ...jobs.job import Job
from . import field_properties
from .cut_out import with_cut_out
from .draft import Draft, make_draft
from .properties import SceneSettings, draft_of, engine_property


def candidate_engine(settings: SceneSettings) -> Operation:
    """The engine that makes the pictures."""
    return get(settings.candidate_engine)


def prompt_field(engine: Operation) -> Field:
    """The words that the pictures are made from: they are those of the Generate panel."""
    return replace(source_of_words(engine), name="prompt")


def source_of_words(engine: Operation) -> Field:
    """The engine's own field for them."""
    return next(f for f in engine.fields if f.source is Mode.TEXT and f.kind is Kind.TEXT)


def candidate_form(settings: SceneSettings) -> Draft:
    """What the panel has fields for."""
    engine = candidate_engine(settings)
    values = dict(draft_of(settings, engine, Mode.TEXT).values)
    written = field_properties.read(settings, prompt_field(engine))
    own = source_of_words(engine).name
    values.pop(own, None)
    return make_draft(engine, Mode.TEXT, values | ({} if written is None else {own: written}))


def offered_fields(settings: SceneSettings) -> list[Field]:
    """The settings of the engine that are the artist's to choose in a round."""
    draft = candidate_form(settings)
    count = draft.operation.count_field
    decided = {count.name} if count is not None else set()
    if settings.candidates_small:
        decided |= set(small_choices(draft))
    return [
        field
        for field in draft.offered_fields()
        if field.name not in decided and field.source is None
    ]


def small_choices(draft: Draft) -> Mapping[str, Value]:
    """What is chosen where pictures are to be small."""
    cheapest = draft.operation.cheapest(draft.mode, draft.values)
    named = draft.operation.price.fields()
    return {name: cheapest[name] for name in named if name in cheapest}


def round_of_drafts(draft: Draft, number: int, *, small: bool) -> tuple[Draft, ...]:
    """One draft for each order of a round of so many pictures."""
    made = round_values(draft.operation, draft.mode, draft.values, number, small=small)
    return tuple(make_draft(draft.operation, draft.mode, values) for values in made)


def candidate_drafts(settings: SceneSettings) -> tuple[Draft, ...]:
    """What the panel asks for, one draft for each order."""
    form = candidate_form(settings)
    return round_of_drafts(form, settings.candidates, small=settings.candidates_small)


def similar_drafts(
    settings: SceneSettings, operation: Operation, values: Mapping[str, Value], picture: str
) -> tuple[Draft, ...]:
    """A round with the same words, starting from a picture; none where the engine takes none."""
    field = operation.reference_field
    if field is None:
        return ()
    draft = make_draft(operation, Mode.IMAGE, {**values, field.name: _given(field, picture)})
    return round_of_drafts(draft, settings.candidates, small=settings.candidates_small)


def model_draft(settings: SceneSettings, picture: str = "") -> Draft:
    """A model of one picture, with the engine that Generate has for pictures."""
    engine = get(getattr(settings, engine_property(Mode.IMAGE)))
    draft = draft_of(settings, engine, Mode.IMAGE)
    field = engine.reference_field
    if picture and field is not None:
        draft = replace(draft, values={**draft.values, field.name: _given(field, picture)})
    return with_cut_out(draft, wanted=settings.cut_out)


def _given(field: Field, picture: str) -> Value:
    """The picture as the field takes it."""
    return (picture,) if field.kind is Kind.IMAGES else picture


def model_drafts(settings: SceneSettings, pictures: Sequence[str]) -> tuple[Draft, ...]:
    """A model of each picture."""
    return tuple(model_draft(settings, picture) for picture in pictures)


def take_over(settings: SceneSettings, job: Job, number: int) -> None:
    """Set the panel to the round that the job was of, which had so many pictures."""
    engine = get(job.operation)
    settings.candidate_engine = engine.name
    words = job.values.get(source_of_words(engine).name)
    if isinstance(words, str):
        field_properties.write(settings, prompt_field(engine), words)
    if FEWEST <= number <= MOST:
        settings.candidates = number
    chosen = {name: job.values.get(name) for name in engine.price.fields()}
    cheapest = engine.cheapest(job.mode, job.values)
    settings.candidates_small = all(cheapest.get(name) == value for name, value in chosen.items())
