"""Profiles of hypothesis: the short form runs in the suite, `--hypothesis-profile thorough` on demand."""

from hypothesis import HealthCheck, settings

settings.register_profile("short", max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("short")
