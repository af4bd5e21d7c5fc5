import re


class AdresGeweigerd(ValueError):
    bericht = "fout"


def read_phone_number(text: str) -> str:
    t = re.sub(r"\(0\)|[ .\-/()]", "", text)
    t = re.sub("^00", "+", t)
    t = re.sub(r"^0(\d{9})$", r"+31\1", t)
    t = re.sub(r"^\+310", "+31", t)
    if not re.fullmatch(r"\+[0-9]{9,15}", t):
        raise AdresGeweigerd("fout")
    return t


def read_email(text: str) -> str:
    if not re.fullmatch(r"[^@ ]+@[^@ ]+\.[^@ ]+", text):
        raise AdresGeweigerd("fout")
    return text


def searched_form(text: str):
    try:
        return read_phone_number(text)
    except AdresGeweigerd:
        pass
    try:
        return read_email(text).lower()
    except AdresGeweigerd:
        return None
