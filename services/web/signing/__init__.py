"""Signing in: accounts of a users file or of OpenID Connect, sessions, and the guard before every request."""
