"""The limits of the register. Lengths of texts are in code points, after trimming and NFC normalisation."""

MAX_ONDERWERP = 200
MAX_INHOUD = 1000
MAX_GEVRAAGDE_HANDELING = 200
MAX_TOELICHTING = 1000
MAX_ANTWOORD = 1000
MAX_KANAAL = 50

MAX_TEXT = max(MAX_ONDERWERP, MAX_INHOUD, MAX_GEVRAAGDE_HANDELING, MAX_TOELICHTING)
"""The longest text of a klantcontact or task."""

MAX_VOORLETTERS = 10
MAX_VOORNAAM = 200
MAX_VOORVOEGSEL = 10
MAX_ACHTERNAAM = 200
MAX_ORGANISATIENAAM = 200
MAX_ADRES = 80
MAX_OMSCHRIJVING = 40

MAX_DIGITALE_ADRESSEN = 5
"""The highest number of addresses of a betrokkene."""

MAX_AHEAD_SECONDS = 60
"""A moment at which a contact took place may be so many seconds in the future, since clocks differ."""

MAX_NAAM = 200
MAX_IDENTIFICATIE = 40

MAX_ZOEKTEKST = 200
MAX_ZOEKWOORDEN = 10

MAX_PAGE = 200
"""The highest number of objects of a list in one request (`first`)."""

NIL_UUID = "00000000-0000-0000-0000-000000000000"
