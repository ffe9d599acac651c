"""A small schema and its two migrations, with everything in it that a migration can break."""
