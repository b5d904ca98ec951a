"""A small Borlänge that publishes over MQTT, to try the service; never to prove it."""
