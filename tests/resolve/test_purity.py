"""Facts are a pure function of evidence: the property that everything else rests on."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from kb.knowledge import Claim, ClaimState, Fact, Participant, Tally
from kb.ontology import fact_types
from kb.resolve import facts_of, neighbourhood
from kb.resolve.blocks import blocks_of, pair_of
from kb.resolve.ids import digest

_ACTORS = ("AAA", "BBB", "CCC", "person:d")
_DATES = (
    None,
    "2020",
    "2020-01",
    "XXXX-01-31",
    "2020-01-05",
    "2020-01-06",
    "2020-01-07",
    "2020-01-30",
    "2020-01-31",
    "2020-02-01",
    "2020-02-02",
    "2020-01-31/2020-02-02",
)
_PLACES = ((), ("place:x", "AAA"), ("place:y", "BBB"), ("AAA",))
_MONTHS = (None, "2020-01", "2020-02")


def _state(
    type_name: str, who: frozenset[str], date: str | None, month: str | None, tallies: list[Tally]
) -> ClaimState:
    fact_type = fact_types()[type_name]
    role = fact_type.roles[0].name
    participants = tuple(Participant(role=role, entity_id=entity) for entity in sorted(who))
    dated = date is not None and len(date) >= 10 and not date.startswith("X")
    claim_id = digest(type_name, sorted(who), date, None if dated else month)
    claim = Claim(
        id=claim_id,
        type=type_name,
        kind="treaty" if type_name == "alliance" else None,
        participants=participants,
        date=date,
        month=None if dated else month,
        content_key="stop" if type_name == "pledge" else None,
        blocks=(),
    )
    claim = claim.model_copy(update={"blocks": blocks_of(claim, fact_type, None)})
    return ClaimState(claim=claim, tallies=tuple(t.model_copy(update={"claim_id": claim_id}) for t in tallies))


@st.composite
def _tallies(draw: st.DrawFn, type_name: str) -> list[Tally]:
    sources = draw(st.lists(st.sampled_from(("one", "two", "three")), min_size=1, max_size=2, unique=True))
    return [
        Tally(
            claim_id="",
            source_id=source,
            status=draw(st.sampled_from(fact_types()[type_name].statuses)),
            published=draw(st.sampled_from((None, "2020-01-08", "2020-02-01"))),
            place_path=draw(st.sampled_from(_PLACES)),
            content=None,
            date_text=None,
            due=None,
            due_text=None,
            evidence=draw(st.integers(1, 3)),
            articles=("a" * 12,),
            firm=1,
            attributed=0,
            doubt=0.25,
            said_by=(),
            about=(),
            plover=draw(st.sampled_from((None, "AGREE", "CONSULT"))),
            plover_mode=draw(st.sampled_from((None, "visit"))),
        )
        for source in sources
    ]


@st.composite
def _states(draw: st.DrawFn) -> ClaimState:
    type_name = draw(st.sampled_from(("meeting", "meeting", "meeting", "alliance", "pledge")))
    who = draw(st.frozensets(st.sampled_from(_ACTORS), min_size=1, max_size=3))
    date, month = draw(st.sampled_from(_DATES)), draw(st.sampled_from(_MONTHS))
    return _state(type_name, who, date, month, draw(_tallies(type_name)))


_worlds = st.lists(_states(), max_size=12, unique_by=lambda state: state.claim.id)


class _World:
    """Claims as a graph would hold them, with the facts that were last written."""

    def __init__(self) -> None:
        self.states: dict[str, ClaimState] = {}
        self.facts: dict[str, Fact] = {}

    def fetch(self, blocks: frozenset[str]) -> Iterable[ClaimState]:
        whole = {pair_of(block) for block in blocks if block.endswith("|*")}
        for state in self.states.values():
            if blocks.intersection(state.claim.blocks) or whole.intersection(map(pair_of, state.claim.blocks)):
                yield state

    def change(self, changes: Iterable[ClaimState]) -> None:
        """Write claims (without tallies: withdraw them) and consolidate their blocks, as the graph does."""
        changes = list(changes)
        self.states.update({state.claim.id: state for state in changes})
        near = neighbourhood({block for state in changes for block in state.claim.blocks}, self.fetch)
        seen = {state.claim.id for state in near.states}
        gone = [key for key, fact in self.facts.items() if seen.intersection(fact.claims)]
        for key in gone:
            assert seen.issuperset(self.facts[key].claims), "a fact was seen in part only"
            del self.facts[key]
        self.facts.update({fact.id: fact for fact in facts_of(near.states, {})})
        for state in near.states:
            if not state.tallies:
                del self.states[state.claim.id]

    def from_scratch(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in facts_of(self.states.values(), {})}


@given(_worlds, st.randoms(use_true_random=False))
def test_any_order_of_claims_gives_the_same_facts(world: list[ClaimState], random: object) -> None:
    expected = facts_of(world, {})
    shuffled = list(world)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert facts_of(shuffled, {}) == expected


@given(_worlds)
def test_each_claim_supports_exactly_one_fact(world: list[ClaimState]) -> None:
    supported = [claim for fact in facts_of(world, {}) for claim in fact.claims]
    assert sorted(supported) == sorted(state.claim.id for state in world)


@given(st.lists(st.lists(_states(), min_size=1, max_size=3, unique_by=lambda s: s.claim.id), max_size=8))
def test_writing_batch_by_batch_equals_writing_all_at_once(batches: list[list[ClaimState]]) -> None:
    world = _World()
    for batch in batches:
        world.change(batch)
        assert world.facts == world.from_scratch()


@given(_worlds, st.data())
def test_withdrawing_claims_leaves_exactly_the_facts_of_the_others(
    world: list[ClaimState], data: st.DataObject
) -> None:
    graph = _World()
    graph.change(world)
    for state in data.draw(st.permutations(world)) if world else []:
        graph.change([state.model_copy(update={"tallies": ()})])
        assert graph.facts == graph.from_scratch()
    assert graph.facts == {}


@given(_worlds)
def test_writing_again_changes_nothing(world: list[ClaimState]) -> None:
    graph = _World()
    graph.change(world)
    before = dict(graph.facts)
    graph.change(world)
    assert graph.facts == before
