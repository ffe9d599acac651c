"""Load into every pytest run, by name, from pyproject.toml."""
