"""The board's own pages, one module a kind; each gives the routes that `services.web.application` puts together."""
