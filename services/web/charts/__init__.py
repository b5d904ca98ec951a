"""Drawings: Vega-Lite specifications of what `services.web.view` filled in, drawn in the browser by the bundled script.

They are plain dictionaries, checked by altair's copy of the Vega-Lite schema in the tests: altair itself takes 0.4 s to import
and checks every chart anew each time that a page is made. Drawn as SVG, not on a canvas: colours are then the page's own
(``var(--c0)``), so that dark, light and print need no second drawing, and it stays sharp on a projector.

Sparklines alone are made here, as the path of a line: a list of a thousand buildings would have a thousand Vega views.
"""
