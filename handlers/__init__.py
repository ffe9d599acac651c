"""What people can do: one module per thing they do. Names only; importing this loads none of them."""

from typing import Final

FEATURES: Final[tuple[str, ...]] = (
    # fmt: one a line
)
