"""What a row of the table says."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Row:
    """One fault, how it is made, and what a check must say of it.

    In `target`, `check` and `password` {words} stand for what the lab knows
    (world.facts): {endpoint}, {zone_a}, {cacert} ...  Of several targets the
    first is the one that is meant.
    """

    name: str
    text: str  # what is broken, for people
    steps: tuple = ()  # steps.py
    gives: str = ""  # "ID stage hop exit-status"; empty: not for a check
    maybe: str = ""  # ids that must be among the candidates
    says: tuple = ()  # words that must be in its evidence
    tries: tuple = ()  # words that must be in the commands that mend it
    target: str = "{endpoint}"
    check: str = ""  # further options
    password: str = ""
    timeout: str = "1500ms"
    deadline: str = "8s"


def row(name, text, *steps, **more):
    return Row(name, text, steps, **more)
