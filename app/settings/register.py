"""Settings of the register's choices."""

from zoneinfo import available_timezones

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from app.domain.values.limits import MAX_GEVRAAGDE_HANDELING, MAX_KANAAL
from app.domain.values.text import is_allowed, is_blank, normalised
from app.settings.kinds import Texts

_OF_NO_PLACE = {"Factory", "localtime"}
"""Names that a machine may have beside those of time zones; browsers do not know them."""


class RegisterSettings(BaseSettings):
    """The channels of contacts, suggestions for tasks, and the time zone in which moments are shown."""

    kanalen: Texts = Field(
        ("Telefoon", "Balie", "E-mail", "Brief", "Chat", "WhatsApp", "Sociale media", "Webformulier"),
        min_length=1,
        description=f"the channels, separated by commas, the default first; each at most {MAX_KANAAL} code points",
    )
    gevraagde_handelingen: Texts = Field(
        (
            "Overname gesprek met klant",
            "Terugbellen",
            "Informatie opzoeken en terugkoppelen",
            "Afspraak maken",
        ),
        description="suggestions for gevraagdeHandeling, separated by commas",
    )
    tijdzone: str = Field(
        "Europe/Amsterdam",
        description="the time zone of the organisation, by its IANA name; applications show moments in it",
    )

    terugbelhandeling: str = Field(
        "Terugbellen",
        description=(
            "the gevraagdeHandeling of a task that the desk has turned into one to call back, 1 to "
            f"{MAX_GEVRAAGDE_HANDELING} code points"
        ),
    )

    @field_validator("terugbelhandeling")
    @classmethod
    def _one_line(cls, text: str) -> str:
        """The text in stored form."""
        cleaned = normalised(text)
        if (
            is_blank(cleaned)
            or len(cleaned) > MAX_GEVRAAGDE_HANDELING
            or not is_allowed(cleaned, several_lines=False)
        ):
            raise ValueError(
                f"it is blank, longer than {MAX_GEVRAAGDE_HANDELING} code points or has a control character"
            )
        return cleaned

    @field_validator("kanalen", "gevraagde_handelingen")
    @classmethod
    def _cleaned(cls, texts: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """The texts in stored form, without duplicates."""
        most = MAX_KANAAL if info.field_name == "kanalen" else MAX_GEVRAAGDE_HANDELING
        cleaned = tuple(dict.fromkeys(normalised(text) for text in texts))
        if not all(len(text) <= most and is_allowed(text, several_lines=False) for text in cleaned):
            raise ValueError(f"one of them is longer than {most} code points or has a control character")
        return cleaned

    @field_validator("tijdzone")
    @classmethod
    def _known(cls, name: str) -> str:
        """The name of a time zone, if there is one with this name."""
        if name not in available_timezones() - _OF_NO_PLACE:
            raise ValueError("there is no time zone with this name")
        return name
