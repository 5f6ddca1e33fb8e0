from hypothesis import HealthCheck, settings

# Tests assert behaviour, never time: a busy machine must not fail a property.
settings.register_profile("oci", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("oci")
