"""The departments and employees of the demo. The employee of the desk is the one in case C0534."""

from dataclasses import dataclass

from app.domain.model import Rol


@dataclass(frozen=True, slots=True)
class DemoEenheid:
    """A department: its key in demo.json, its name and its identificatie."""

    key: str
    naam: str
    identificatie: str


@dataclass(frozen=True, slots=True)
class DemoMedewerker:
    """An employee: their key in demo.json, their id, name, departments (identificatie) and role."""

    key: str
    id: str
    naam: str
    eenheden: tuple[str, ...]
    rol: Rol


EENHEDEN = (
    DemoEenheid("klantcontactcentrum", "Klantcontactcentrum", "KCC"),
    DemoEenheid("vergunningen", "Afdeling vergunningen", "VERG"),
    DemoEenheid("burgerzaken", "Burgerzaken", "BZ"),
    DemoEenheid("werk_en_inkomen", "Werk en inkomen", "WI"),
)

DESK = DemoMedewerker("desk", "a255acc8-b7b9-4db3-94aa-ecba5aec9f5f", "Karin Kok", ("KCC",), Rol.KCC)
VERGUNNINGEN = DemoMedewerker(
    "vergunningen", "0e3a1f4c-6d0b-4a55-9a39-2f6f0c1f7a01", "Vincent de Vries", ("VERG",), Rol.BEHANDELAAR
)
VERGUNNINGEN_COLLEGA = DemoMedewerker(
    "vergunningen_collega", "0e3a1f4c-6d0b-4a55-9a39-2f6f0c1f7a02", "Yasmina El Amrani", ("VERG",), Rol.BEHANDELAAR
)
BURGERZAKEN = DemoMedewerker(
    "burgerzaken", "0e3a1f4c-6d0b-4a55-9a39-2f6f0c1f7a03", "Bram Bakker", ("BZ",), Rol.BEHANDELAAR
)
BEIDE = DemoMedewerker(
    "vergunningen_en_burgerzaken",
    "0e3a1f4c-6d0b-4a55-9a39-2f6f0c1f7a06",
    "Esra Yılmaz",
    ("VERG", "BZ"),
    Rol.BEHANDELAAR,
)
LEZER = DemoMedewerker("lezer", "0e3a1f4c-6d0b-4a55-9a39-2f6f0c1f7a04", "Scherm vergunningen", ("VERG",), Rol.LEZER)
TOEZICHTHOUDER = DemoMedewerker(
    "toezichthouder", "0e3a1f4c-6d0b-4a55-9a39-2f6f0c1f7a05", "Tineke Tops", ("KCC",), Rol.TOEZICHTHOUDER
)

MEDEWERKERS = (DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA, BURGERZAKEN, BEIDE, LEZER, TOEZICHTHOUDER)
