"""Reading the municipality's YAML: one module a file, on top of lines, faults and example marks."""
