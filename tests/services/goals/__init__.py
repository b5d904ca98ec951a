"""Goals, with figures worked by hand, laws, and synthetic truth."""
