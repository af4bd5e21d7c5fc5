"""What was at hand when facts were committed: by what it is found, and how long it is remembered."""

from dataclasses import replace

from app.domain.model import Gebeurtenis
from app.service.committed_records import CommittedRecords, RecentCommits
from tests.support.table import fact


def of_taak(taak_id: str, versie: int) -> Gebeurtenis:
    return replace(fact(1), taak_id=taak_id, versie=versie)


def test_facts_are_found_by_their_task_and_versie() -> None:
    first, second, other = of_taak("een", 1), of_taak("een", 2), of_taak("twee", 1)
    at_hand = CommittedRecords([first, second, other])
    found = [at_hand.get("Gebeurtenis", key) for key in (("een", 1), ("een", 2), ("twee", 1), ("twee", 2), "een")]
    assert found == [first, second, other, None, None]
    assert at_hand.get("InterneTaak", ("een", 1)) is None


def test_what_hangs_on_records_is_found_by_relation_and_id_and_is_remembered_for_nobody_else() -> None:
    at_hand = CommittedRecords([of_taak("een", 1)], lists={("taken", "contact"): ["een"]})
    assert at_hand.listed("taken", "contact") == ["een"]
    assert (at_hand.listed("logboek", "contact"), at_hand.listed("taken", "ander")) == (None, None)
    recent = RecentCommits(keep_seconds=60)
    recent.keep([of_taak("een", 1)], at_hand)
    kept = recent.of(of_taak("een", 1))
    assert kept is not None
    assert kept.get("Gebeurtenis", ("een", 1)) is not None
    assert kept.listed("taken", "contact") is None
    assert at_hand.listed("taken", "contact") == ["een"]


def test_of_a_task_the_newest_fact_is_remembered_in_whatever_order_they_are_told_and_no_other() -> None:
    recent, late, early = RecentCommits(keep_seconds=60), CommittedRecords(), CommittedRecords()
    recent.keep([of_taak("een", 1), of_taak("twee", 1)], early)
    recent.keep([of_taak("een", 3)], late)
    recent.keep([of_taak("een", 2)], early)
    assert [recent.of(of_taak("een", versie)) is not None for versie in (1, 2, 3, 4)] == [False, False, True, False]
    assert recent.of(of_taak("twee", 1)) is not None


def test_nothing_is_remembered_for_longer_than_was_said_and_nothing_after_it_was_forgotten() -> None:
    is_over, recent = RecentCommits(keep_seconds=-1), RecentCommits(keep_seconds=60)
    for one in (is_over, recent):
        one.keep([of_taak("een", 1)], CommittedRecords())
    assert is_over.of(of_taak("een", 1)) is None
    assert recent.of(of_taak("een", 1)) is not None
    recent.forget()
    assert recent.of(of_taak("een", 1)) is None
