"""What we know before any message: vocabulary, errors, settings, the municipality's YAML. Imports nothing of ours."""
