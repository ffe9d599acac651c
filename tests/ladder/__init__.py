"""The ladder at size: a month of doors, against the plainest account of what must happen."""
