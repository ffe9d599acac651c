"""Choose how long property tests try: `--hypothesis-profile=fuzz` tries long."""

from hypothesis import HealthCheck, settings

# A first example may start a database, and machines differ: time is no property of ours.
_common = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("test", parent=_common, max_examples=50)
settings.register_profile("fuzz", parent=_common, max_examples=5_000)
settings.load_profile("test")
