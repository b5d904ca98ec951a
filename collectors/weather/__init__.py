"""Weather from open services: asked politely, read strictly, joined from archive and newest values."""
