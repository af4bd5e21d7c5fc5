"""What is remembered is what was used last, and no more than was allowed."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

from sqlalchemy import TextClause, text

from app.common.lru import Lru
from app.domain.model import Gebeurtenis, GebeurtenisSoort, InterneTaakStatus
from app.service.committed_records import CommittedRecords, RecentCommits
from app.storage.read.shapes import Fragments


def test_of_too_many_values_the_one_goes_that_was_not_used_for_longest() -> None:
    remembered: Lru[str, int] = Lru(2)
    remembered.put("een", 1)
    remembered.put("twee", 2)
    assert remembered.get("een") == 1
    remembered.put("drie", 3)
    assert [remembered.get(key) for key in ("een", "twee", "drie")] == [1, None, 3]
    assert len(remembered) == 2


def test_values_that_are_too_large_together_make_room_by_who_was_not_used_for_longest() -> None:
    remembered: Lru[str, int] = Lru(10, most_size=10)
    for key in ("een", "twee", "drie"):
        remembered.put(key, 0, 3)
    assert remembered.get("een") == 0
    remembered.put("vier", 0, 5)
    assert [remembered.get(key) for key in ("een", "twee", "drie", "vier")] == [0, None, None, 0]


def test_a_value_that_is_too_large_by_itself_pushes_nothing_out() -> None:
    remembered: Lru[str, int] = Lru(10, most_size=10)
    remembered.put("een", 1, 10)
    remembered.put("twee", 2, 11)
    assert (remembered.get("een"), remembered.get("twee")) == (1, None)


def test_a_value_that_takes_the_place_of_another_takes_its_room_as_well() -> None:
    remembered: Lru[str, int] = Lru(10, most_size=10)
    for value in range(5):
        remembered.put("een", value, 4)
    remembered.put("twee", 2, 6)
    assert (remembered.get("een"), remembered.get("twee")) == (4, 2)
    remembered.drop("twee")
    remembered.put("drie", 3, 6)
    assert (remembered.get("een"), remembered.get("drie")) == (4, 3)


def test_what_was_forgotten_takes_no_room() -> None:
    remembered: Lru[str, int] = Lru(10, most_size=10)
    remembered.put("een", 1, 10)
    remembered.clear()
    remembered.put("twee", 2, 10)
    assert (remembered.get("een"), remembered.get("twee"), len(remembered)) == (None, 2, 1)


def test_several_threads_may_use_it_at_once() -> None:
    remembered: Lru[int, int] = Lru(8, most_size=20)

    def use(seed: int) -> None:
        chosen = Random(seed)  # noqa: S311 - no secret
        for _ in range(5_000):
            key = chosen.randrange(16)
            if (found := remembered.get(key)) is not None:
                assert found == key
            remembered.put(key, key, chosen.randrange(6))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(4)))
    assert len(remembered) <= 8
    remembered.clear()
    remembered.put(1, 1, 20)
    assert remembered.get(1) == 1


def fact(taak_id: str) -> Gebeurtenis:
    return Gebeurtenis(
        id=taak_id,
        volgnummer=1,
        versie=1,
        soort=GebeurtenisSoort.GEREGISTREERD,
        tijdstip="2026-11-30T09:00:00.000Z",
        eenheid_id="afdeling",
        taak_id=taak_id,
        door_id=None,
        status=InterneTaakStatus.TE_DOEN,
        medewerker_id=None,
        andere_eenheid_id=None,
        toelichting=None,
    )


def test_what_was_at_hand_is_remembered_of_the_tasks_that_were_used_last() -> None:
    recent = RecentCommits(keep_seconds=60, most=2)
    een, twee, drie = (fact(taak_id) for taak_id in ("een", "twee", "drie"))
    recent.keep([een, twee], CommittedRecords())
    assert recent.of(een) is not None
    recent.keep([drie], CommittedRecords())
    assert [recent.of(one) is not None for one in (een, twee, drie)] == [True, False, True]


def test_of_the_parts_of_statements_those_are_remembered_that_were_used_last() -> None:
    fragments, made = Fragments(2), list[str]()

    def part(key: str) -> None:
        def clause() -> TextClause:
            made.append(key)
            return text(key)

        assert fragments.of("sqlite", key, clause).text == key

    for key in ("een", "twee", "een", "drie", "een", "twee"):
        part(key)
    assert made == ["een", "twee", "drie", "twee"]
