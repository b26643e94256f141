"""How one row is turned away while it is read; it never leaves this room."""


class Refused(Exception):
    """code, facts: as in tables.Fault, whose row is not known here."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts
