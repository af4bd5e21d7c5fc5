"""Reads an employee from the claims of a verified token, whatever names the issuer uses for claims, groups and
roles.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.model import Rol
from app.domain.organisation import Claims
from app.domain.values.ids import read_uuid
from app.domain.values.limits import MAX_NAAM
from app.domain.values.text import is_allowed, is_blank, normalised

_END_OF_TIME = 2**53


class TokenRefused(Exception):
    """A token that is not accepted. The message contains no name of a person and no part of the token."""


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Which claims contain who calls, by name or by a path to a nested claim, and what the issuer's groups and
    roles are called here.

    `eenheden_map` maps the issuer's groups to the identificatie or id of a department; `rollen_map` maps the
    issuer's roles to ours. Groups and roles that are not in a non-empty map are ignored. Without a map, all of them
    must be known here.
    """

    subject: str = "sub"
    name: str = "name"
    eenheden: str = "eenheden"
    rollen: str = "rollen"
    eenheden_map: Mapping[str, str] = field(default_factory=dict)
    rollen_map: Mapping[str, str] = field(default_factory=dict)

    def as_claims(self, subject: str, name: str, eenheden: Sequence[str], rollen: Iterable[Rol]) -> dict[str, Any]:
        """The reverse of reading: the claims of a token for this employee."""
        return {
            self.subject: subject,
            self.name: name,
            self.eenheden: [_unmapped(eenheid, self.eenheden_map) for eenheid in eenheden],
            self.rollen: [_unmapped(rol.value, self.rollen_map) for rol in rollen],
        }


def read_claims(payload: Mapping[str, Any], names: ClaimNames, *, leeway_seconds: int) -> Claims:
    """Read the claims of a verified token, whose `iss`, `iat` and `exp` have been checked. Raises `TokenRefused` if
    they cannot be used.
    """
    subject, name = claim_at(payload, names.subject), claim_at(payload, names.name)
    if not isinstance(subject, str) or not subject or not is_allowed(subject, several_lines=False):
        raise TokenRefused("no usable subject")
    if not isinstance(name, str) or not _is_name(normalised(name)):
        raise TokenRefused("no usable name")
    issued, expires = payload["iat"], payload["exp"]
    if not (isinstance(issued, int | float) and isinstance(expires, int | float) and 0 <= issued < _END_OF_TIME):
        raise TokenRefused("issued or expiring at no time that can be kept")
    eenheden = _here(_texts(payload, names.eenheden), names.eenheden_map)
    return Claims(
        medewerker_id=_medewerker_id(str(payload["iss"]), subject),
        naam=normalised(name),
        eenheden=tuple(dict.fromkeys(read_uuid(text) or text for text in eenheden)),
        rollen=frozenset(_rol(text) for text in _here(_texts(payload, names.rollen), names.rollen_map)),
        uitgegeven=int(issued),
        eindigt=min(int(expires), _END_OF_TIME),
        verloopt=min(int(expires), _END_OF_TIME) + leeway_seconds,
    )


def claim_at(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by a path of names joined by dots; None if there is no such claim.

    At every step, a name that equals the whole rest of the path comes first, because names may contain dots
    themselves, as URLs do.
    """
    if path in claims:
        return claims[path]
    for dot in (at for at, character in enumerate(path) if character == "."):
        nested = claims.get(path[:dot])
        value = claim_at(nested, path[dot + 1 :]) if isinstance(nested, dict) else None
        if value is not None:
            return value
    return None


def _medewerker_id(issuer: str, subject: str) -> str:
    """The subject if it is a UUID; otherwise a UUID derived from issuer and subject, the same every time."""
    return read_uuid(subject) or str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, issuer), subject))


def _texts(payload: Mapping[str, Any], claim: str) -> list[str]:
    """The texts of a claim, which is one text or a list of texts."""
    if _is_left_out(payload, claim):
        raise TokenRefused("the issuer left out groups or roles because there are too many (groups overage)")
    value = claim_at(payload, claim)
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise TokenRefused("departments and roles are a text or a list of texts")
    return texts


def _is_left_out(payload: Mapping[str, Any], claim: str) -> bool:
    """Whether the issuer says that the claim exists but is not in the token, as Entra ID does for users with many
    groups.
    """
    elsewhere = payload.get("_claim_names")
    names = set(elsewhere) if isinstance(elsewhere, dict) else set()
    if payload.get("hasgroups") not in (None, False):
        names.add("groups")
    return claim not in payload and not names.isdisjoint({claim, claim.partition(".")[0]})


def _here(texts: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """What the issuer's names are called here, without duplicates; raises `TokenRefused` if nothing is left.

    With a map the result is in the order of the map: issuers promise no order, and the first department is the
    default.
    """
    if mapping:
        comparable = {_comparable(text) for text in texts}
        texts = [ours for theirs, ours in mapping.items() if _comparable(theirs) in comparable]
    if not texts or not all(text and is_allowed(text, several_lines=False) for text in texts):
        raise TokenRefused("no departments or roles that can be known here")
    return list(dict.fromkeys(texts))


def _comparable(text: str) -> str:
    return read_uuid(text) or text


def _unmapped(text: str, mapping: Mapping[str, str]) -> str:
    return next((theirs for theirs, ours in mapping.items() if ours == text), text)


def _rol(text: str) -> Rol:
    try:
        return Rol(text)
    except ValueError:
        raise TokenRefused("an unknown role") from None


def _is_name(name: str) -> bool:
    return not is_blank(name) and len(name) <= MAX_NAAM and is_allowed(name, several_lines=False)
