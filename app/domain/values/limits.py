"""The limits of the register, each under its name. Texts are counted in code points, after trimming and NFC."""

MAX_ONDERWERP = 200
MAX_INHOUD = 1000
MAX_GEVRAAGDE_HANDELING = 200
MAX_TOELICHTING = 1000
MAX_KANAAL = 50

MAX_TEXT = max(MAX_ONDERWERP, MAX_INHOUD, MAX_GEVRAAGDE_HANDELING, MAX_TOELICHTING)
"""No text may be longer than this, whatever it is."""

MAX_NAAM = 200
MAX_IDENTIFICATIE = 40

MAX_ZOEKTEKST = 200
MAX_ZOEKWOORDEN = 10

MAX_PAGE = 200
"""The most objects of a list that one request may ask for (`first`)."""

NIL_UUID = "00000000-0000-0000-0000-000000000000"
