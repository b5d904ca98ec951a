"""A message in words: subject, plain text, and the same as simple HTML."""

from collections.abc import Mapping, Sequence
from html import escape

from config.domain.alerts import KIND_NAMES, AlertKind
from config.domain.periods import zone_named
from services.alerts.sending import Item
from services.state.alerts import Part

MOST = 50  # things told one by one; the board has the rest
NBSP = "\N{NO-BREAK SPACE}"
PARTS = {
    Part.BEGUN: ("Nytt", "New"),
    Part.ESCALATED: ("Ingen har kvitterat", "Nobody has acknowledged"),
    Part.ENDED: ("Över igen", "Over"),
}
STYLE = "font-family:sans-serif;font-size:16px;line-height:1.4;color:#1a1a1a;max-width:40em"


class Wording:
    """In one language.

    Args:
        board: address of the board; "" where nobody said it, and then there are no links.
        zone: the municipality's, in which times are told.
    """

    def __init__(self, language: str, municipality: str, board: str, zone: str) -> None:
        self._second = language == "en"
        self._language = language
        self._municipality = municipality
        self._board = board.rstrip("/")
        self._zone = zone_named(zone)

    def subject(self, items: Sequence[Item]) -> str:
        """The first thing by name, and how many more."""
        first = items[0]
        mark = self._say("BRÅDSKANDE: ", "URGENT: ") if first.urgent and first.part is not Part.ENDED else ""
        over = f"{self._part(first.part)}: " if first.part is not Part.BEGUN else ""
        where = f", {first.place}" if first.place else ""
        more = len(items) - 1
        rest = self._say(f" och {more} till", f" and {more} more") if more else ""
        return f"{mark}{over}{self._of(first.title)}{where}{rest} – {self._municipality}"

    def text(self, items: Sequence[Item]) -> str:
        """Plain text, a block a thing."""
        blocks = [self._intro(items)]
        for item in items[:MOST]:
            lines = [f"{self._part(item.part).upper()} · {self._kind(item)}: {self._heading(item)}", *self._told(item)]
            if link := self._link(item):
                lines.append(link)
            blocks.append("\n".join(lines))
        return "\n\n".join([*blocks, *self._outro(items)]) + "\n"

    def html(self, items: Sequence[Item]) -> str:
        """The same words as a page without styles of its own, scripts or pictures."""
        blocks = [f"<p>{escape(self._intro(items))}</p>"]
        for item in items[:MOST]:
            heading, link = escape(self._heading(item)), self._link(item)
            title = f'<a href="{escape(link)}">{heading}</a>' if link else heading
            told = "<br>".join(escape(line) for line in self._told(item))
            kind = escape(f"{self._part(item.part)} · {self._kind(item)}")
            blocks.append(
                f'<h2 style="font-size:18px;margin-bottom:0">{title}</h2><p style="margin-top:0"><b>{kind}</b><br>{told}</p>'
            )
        blocks += [f"<p>{escape(line)}</p>" for line in self._outro(items)]
        page = "\n".join(blocks)
        return (
            f'<!DOCTYPE html>\n<html lang="{self._language}"><head><meta charset="utf-8"><title>{escape(self.subject(items))}'
            f'</title></head>\n<body style="{STYLE}">\n{page}\n</body></html>\n'
        )

    def _intro(self, items: Sequence[Item]) -> str:
        begun = sum(item.part is Part.BEGUN for item in items)
        unanswered = sum(item.part is Part.ESCALATED for item in items)
        over = sum(item.part is Part.ENDED for item in items)
        parts = [
            self._say(f"{begun} att se till", f"{begun} to see to") if begun else "",
            self._say(f"{unanswered} som ingen har kvitterat", f"{unanswered} that nobody has acknowledged")
            if unanswered
            else "",
            self._say(f"{over} som är över", f"{over} that are over") if over else "",
        ]
        return f"{self._municipality}: {', '.join(part for part in parts if part)}."

    def _told(self, item: Item) -> list[str]:
        lines = []
        if item.part is Part.ENDED:
            lines.append(self._of(item.over))
        else:
            lines.append(self._of(item.sentence))
            if action := self._of(item.action):
                lines.append(self._say("Att göra: ", "To do: ") + action)
            if item.sek is not None:
                lines.append(self._say("Har hittills kostat: ", "Has cost so far: ") + self._kronor(item.sek))
        local = item.since.astimezone(self._zone)
        lines.append(self._say("Larmat sedan ", "Alerted since ") + f"{local:%Y-%m-%d %H:%M}. " + self._number(item))
        return lines

    def _number(self, item: Item) -> str:
        return self._say(f"Larm nr {item.alert}.", f"Alert no {item.alert}.")

    def _outro(self, items: Sequence[Item]) -> list[str]:
        lines = []
        if len(items) > MOST:
            more = len(items) - MOST
            lines.append(self._say(f"Och {more} till; se tavlan.", f"And {more} more; see the board."))
        if self._board:
            lines.append(self._say(f"Tavlan: {self._board}", f"The board: {self._board}"))
        return lines

    def _heading(self, item: Item) -> str:
        return f"{self._of(item.title)}, {item.place}" if item.place else self._of(item.title)

    def _link(self, item: Item) -> str:
        suffix = "?lang=en" if self._second else ""
        return f"{self._board}{item.link}{suffix}" if self._board and item.link else ""

    def _kind(self, item: Item) -> str:
        return KIND_NAMES[AlertKind(item.kind)][self._second]

    def _part(self, part: Part) -> str:
        return PARTS[part][self._second]

    def _kronor(self, sek: float) -> str:
        if self._second:
            return f"SEK{NBSP}{sek:,.0f} without VAT"
        return f"{sek:,.0f}".replace(",", NBSP) + f"{NBSP}kr utan moms"

    def _of(self, words: Mapping[str, str]) -> str:
        return words[self._language]

    def _say(self, swedish: str, english: str) -> str:
        return english if self._second else swedish
