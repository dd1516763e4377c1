"""The path without a fault, seen in every way: nothing may be said of it."""

from faults.row import row

OK = "OK - - 0"

ROWS = (
    row("healthy", "both zones by the endpoint's name", gives=OK),
    row("healthy_zone_a", "zone a by its own name", target="{zone_a}", gives=OK),
    row("healthy_zone_b", "zone b by its own name", target="{zone_b}", gives=OK),
)
