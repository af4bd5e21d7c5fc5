"""A register as it stands after years: made up, the same at every run, with so many tasks as are asked for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from app.domain.finding import search
from app.domain.values.moments import written

Row = tuple[Any, ...]

_OPEN = 250
"""About so many tasks are open in a department, however many it has had."""

_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_YEARS = timedelta(days=5 * 365)
_WORDS = 20_000
_TEXTS = 5_000
_HANDELINGEN = ("Overname gesprek met klant", "Terugbellen", "Informatie sturen", "Afspraak maken")
_WORDS_OF = {handeling: search.index(handeling) for handeling in _HANDELINGEN}
COMMON, UNCOMMON, RARE = "vergunning", "dakkapel", "kwikstaart"
"""Words of a fifth of all tasks, of one in a thousand, and of ten."""


@dataclass(frozen=True)
class Text:
    """What a contact is about, and its words for searching."""

    onderwerp: str
    inhoud: str
    words: str


@dataclass
class Filling:
    """The register. Departments have an employee each, the last of them registers nearly everything."""

    tasks: int
    random: Random = field(default_factory=lambda: Random(534))  # noqa: S311 - to be the same again

    def __post_init__(self) -> None:
        # Each has its open tasks and as many that were done, also in a small register.
        count = max(2, min(200, self.tasks // (2 * _OPEN)))
        self.eenheden = [self._id() for _ in range(count + 1)]
        self.medewerkers = [self._id() for _ in range(count + 1)]
        self.numbers: Counter[str] = Counter()
        self.te_doen: Counter[str] = Counter()
        self.niet_toegewezen: Counter[str] = Counter()
        self.aan_de_lijn: Counter[str] = Counter()
        self._texts = self._some_texts()
        self._every = max(self.tasks // 10, 1)

    @property
    def kcc(self) -> int:
        """The place of the department that registers nearly everything."""
        return len(self.eenheden) - 1

    def people(self) -> dict[str, list[Row]]:
        """Rows of the tables of who works where, when all others were made."""
        pairs = list(zip(self.eenheden, self.medewerkers, strict=True))
        return {
            "organisatorische_eenheid": [self._eenheid(nth, id_) for nth, id_ in enumerate(self.eenheden)],
            "medewerker": [(who, f"Medewerker {nth}", True, "KCC", 0) for nth, (_, who) in enumerate(pairs)],
            "medewerker_eenheid": [(who, eenheid, 0) for eenheid, who in pairs],
        }

    def _eenheid(self, nth: int, id_: str) -> Row:
        counters = (self.te_doen[id_], self.niet_toegewezen[id_], self.aan_de_lijn[id_])
        return id_, f"Afdeling {nth}", f"A{nth}", True, self._id(), self.numbers[id_], *counters

    def batches(self, size: int) -> Iterator[dict[str, list[Row]]]:
        """Rows of the tables of contacts and tasks, of so many tasks at a time."""
        for begin in range(0, self.tasks, size):
            rows: dict[str, list[Row]] = {
                "registratie": [],
                "klantcontact": [],
                "interne_taak": [],
                "gebeurtenis": [],
            }
            for nth in range(begin, min(begin + size, self.tasks)):
                self._add(rows, nth)
            yield rows

    def _add(self, rows: dict[str, list[Row]], nth: int) -> None:
        """One contact with its task and its facts."""
        departments = self.kcc
        place = nth % departments
        eenheid, behandelaar = self.eenheden[place], self.medewerkers[place]
        sender = self.kcc if nth % 10 else (place + 7) % departments
        afzender, registrar = self.eenheden[sender], self.medewerkers[sender]
        op, done_op = self.moment(nth / self.tasks), self.moment(nth / self.tasks, timedelta(hours=3))
        contact, taak = self._id(nth), self._id(nth)
        # Every number once, in no order.
        nummers = [str(10**9 + number * 7_368_787 % (9 * 10**9)) for number in (2 * nth, 2 * nth + 1)]
        text = self.random.choice(self._texts)
        handeling, lijn = self.random.choice(_HANDELINGEN), self.random.random() < 0.05
        is_open = self._is_open(nth)
        owner = None if is_open and self.random.random() < 0.6 else behandelaar
        is_rare = nth % self._every == 0
        words, inhoud = (f"{text.words} {RARE}", f"{text.inhoud} {RARE}") if is_rare else (text.words, text.inhoud)
        rows["registratie"] += [(contact, nummers[0], registrar, None), (taak, nummers[1], registrar, None)]
        rows["klantcontact"].append(
            (
                *(contact, nummers[0], op, "Telefoon", registrar, afzender, "KLANT"),
                *(text.onderwerp, inhoud, None, None, f" {nummers[0]}{words}", search.VERSION),
            )
        )
        rang = 0 if lijn and owner is None else 1
        status = "TE_DOEN" if is_open else "GEDAAN"
        done = (None, None) if is_open else (done_op, behandelaar)
        facts = self._facts(nth, place, is_open)
        rows["interne_taak"].append(
            (
                *(
                    taak,
                    nummers[1],
                    op,
                    registrar,
                    afzender,
                    contact,
                    0,
                    op,
                    lijn,
                    handeling,
                    None,
                    status,
                    eenheid,
                ),
                *(owner, *done, len(facts), None, 0, None, None, rang),
                *(f" {nummers[1]} {nummers[0]}{_WORDS_OF[handeling]}{words}", search.VERSION),
            )
        )
        for versie, (soort, where, other) in enumerate(facts, 1):
            self.numbers[where] += 1
            stands = "GEDAAN" if soort == "GEDAAN" else "TE_DOEN"
            rows["gebeurtenis"].append(
                (
                    *(
                        self._id(),
                        where,
                        self.numbers[where],
                        taak,
                        versie,
                        soort,
                        done_op if soort == "GEDAAN" else op,
                    ),
                    *(behandelaar, stands, owner, other, None, None),
                )
            )
        self._count(eenheid, is_open, owner, lijn)

    def _is_open(self, nth: int) -> bool:
        """Every second one of the newest in a department."""
        departments = self.kcc
        of_eenheid = nth // departments
        return of_eenheid >= self.tasks // departments - 2 * _OPEN and of_eenheid % 2 == 1

    def _facts(self, nth: int, place: int, is_open: bool) -> list[tuple[str, str, str | None]]:
        """Of what kind, in which department, and the other one. Some came to the wrong department first."""
        eenheid, wrong = self.eenheden[place], self.eenheden[(place + 1) % self.kcc]
        facts: list[tuple[str, str, str | None]] = [("GEREGISTREERD", eenheid, None)]
        if nth % 33 == 0:
            sent_on = ("DOORGESTUURD", wrong, eenheid)
            facts = [("GEREGISTREERD", wrong, None), sent_on, ("ONTVANGEN", eenheid, wrong)]
        return facts if is_open else [*facts, ("GEDAAN", eenheid, None)]

    def _count(self, eenheid: str, is_open: bool, owner: str | None, lijn: bool) -> None:
        if is_open:
            self.te_doen[eenheid] += 1
            self.niet_toegewezen[eenheid] += owner is None
            self.aan_de_lijn[eenheid] += lijn

    def moment(self, part: float, later: timedelta = timedelta()) -> str:
        """A moment in the years, of which a part has gone by."""
        return written(_BEGAN + _YEARS * part + later)

    def text(self) -> tuple[str, str]:
        """What any contact is about: onderwerp and inhoud."""
        text = self.random.choice(self._texts)
        return text.onderwerp, text.inhoud

    def _some_texts(self) -> list[Text]:
        letters = "eeeennnaatirodslgvhkmubpwjzc"
        vocabulary = ["".join(self.random.choices(letters, k=self.random.randint(2, 12))) for _ in range(_WORDS)]
        weights = list(accumulate(1 / (place + 3) for place in range(_WORDS)))
        texts = []
        for nth in range(min(_TEXTS, self.tasks)):
            words = self.random.choices(vocabulary, cum_weights=weights, k=20)
            words += [COMMON] if nth % 5 == 0 else []
            words += [UNCOMMON] if nth % 1000 == 0 else []
            texts.append(Text(" ".join(words[:4]), " ".join(words[4:]), search.index(" ".join(words))))
        return texts

    def _id(self, nth: int = 0) -> str:
        """An id as the register makes it, of one moment after the other."""
        digits = f"{nth:012x}7{self.random.getrandbits(76):019x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
