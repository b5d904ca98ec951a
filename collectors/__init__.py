"""Everything that brings data in. Knows no database and calculates no indicator."""
