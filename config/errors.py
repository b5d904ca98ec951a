"""The error tree. It is sorted by who must act, and `str(error)` says what, where and what to do, in English, as logs do.

Where it is said in Swedish too, `sv` has it, and the prompt shows it to those who read Swedish (`sentence`).

MonitorError
├── ConfigurationError    a person edits a file or a setting
├── MessageError          nobody now: dead letter, go on
│   ├── Undecodable       the payload is not what its family says
│   │   └── Unrecognised  the payload is another dialect's: the next decoder of the group may know it
│   └── Implausible       it was read, but cannot be true
├── JournalFull           a person makes room; the receiver waits and acknowledges nothing
├── StoreError            the sender
│   ├── StoreUnavailable  time heals it: wait, send again
│   ├── StoreRefused      a person mends rights or buckets; keep everything
│   └── PointRejected     never: dead letter with the server's words
├── GrafanaError          a person mends Grafana; the rest goes on
├── DeliveryError         a person mends the address or the settings; the message is kept, the others go on
│   └── DeliveryUnavailable   time heals it, or a setting: sent again by itself
│       └── DeliveryInDoubt       nobody knows whether it arrived: who must not send twice asks a person
├── WeatherError          the next station, or a person who changes the station; what is stored stays
│   └── WeatherUnavailable    time heals it: asked again at the next look
├── FigureUnknown         who asked names another figure
├── ReportError           who asked names another period or subject, or a person mends fonts or disk; nothing was written or sent
├── ChangeRefused         who asked gives something else; nothing was changed
├── SignInError           who signs in tries again, or a person mends the account; nobody was let in
│   └── SignInUnavailable     time heals it: the other site does not answer
└── KoladaError           a person corrects the figure's id, or looks at Kolada; what is entered stays
    └── KoladaUnavailable     time heals it: ask again later
"""

from collections.abc import Sequence

from config.domain.refusals import Refusal


class MonitorError(Exception):
    """Anything that we raise on purpose. `sv`: the same in Swedish; "" where it is told in English only."""

    def __init__(self, message: str = "", sv: str = "") -> None:
        super().__init__(message)
        self.sv = sv

    def sentence(self, language: str) -> str:
        """For people: Swedish where they read it and it is there, else English."""
        return self.sv if language == "sv" and self.sv else str(self)


class ConfigurationError(MonitorError):
    """A file or a setting is wrong: "borlange/factors.yaml:14: district_heating.2026: no source given".

    `faults`: each fault by itself, where there are several; `config.municipality.faults.Fault`.
    """

    def __init__(self, message: str, sv: str = "", faults: Sequence[object] = ()) -> None:
        super().__init__(message, sv)
        self.faults = tuple(faults)


class FigureUnknown(MonitorError):
    """No such figure is published, or was as of the instant asked for."""


class ChangeRefused(MonitorError):
    """What a person asked for cannot be: nothing was changed. `sv` is always there, it is shown on the board.

    `may_insist`: they may say that it is so all the same.
    """

    def __init__(self, message: str, sv: str, *, may_insist: bool = False) -> None:
        super().__init__(message, sv)
        self.may_insist = may_insist


class SignInError(MonitorError):
    """The answer of an OpenID Connect site lets nobody in; the message is for the log, not for who tried."""


class SignInUnavailable(SignInError):
    """The OpenID Connect site does not answer, or not as one; try again later."""


class MessageError(MonitorError):
    """One message cannot be used. It becomes a dead letter and the next one goes on. `refusal`: the kind of reason."""

    refusal = Refusal.UNREADABLE


class Undecodable(MessageError):
    """The payload is not what its family says."""


class Unrecognised(Undecodable):
    """The payload has not this decoder's shape; another decoder of the same group may know it."""

    refusal = Refusal.UNRECOGNISED


class Implausible(MessageError):
    """The value or its time cannot be true, or something else of what was read, as `refusal` says."""

    def __init__(self, message: str, refusal: Refusal = Refusal.VALUE) -> None:
        super().__init__(message)
        self.refusal = refusal


class IntakeStopped(MonitorError):
    """Nearly every message became a dead letter: an outage, not a quality problem. Nothing was moved on from."""


class JournalFull(MonitorError):
    """The journal cannot take more (disk full, or its cap reached). Nothing may be acknowledged until it can."""


class StoreError(MonitorError):
    """The time-series store did not take or give what was asked."""


class StoreUnavailable(StoreError):
    """Time heals it: wait and send again. `retry_after` is what the server asked for. [s]"""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreRefused(StoreError):
    """Rights, bucket or database are wrong; a person must act and nothing may be dropped meanwhile."""


class PointRejected(StoreError):
    """The server will never take these points; every other point of the call is written.

    `rejected`: index in what was sent → the server's words.
    """

    def __init__(self, message: str, rejected: dict[int, str]) -> None:
        super().__init__(message)
        self.rejected = rejected


class GrafanaError(MonitorError):
    """Grafana did not do what was asked; the message has its words and what to mend."""


class ReportError(MonitorError):
    """No report can be made or published as asked; the message says what to do. Nothing was written and nothing sent."""


class DeliveryError(MonitorError):
    """The message will not be taken as it is: the receiver is not known, or its server does not want it."""


class DeliveryUnavailable(DeliveryError):
    """The message was not taken now; the same one is sent again, no sooner than `retry_after` seconds where that is said."""

    def __init__(self, message: str, retry_after: float | None = None, sv: str = "") -> None:
        super().__init__(message, sv)
        self.retry_after = retry_after


class DeliveryInDoubt(DeliveryUnavailable):
    """The whole message was handed over and the server did not say whether it took it."""


class WeatherError(MonitorError):
    """A weather service's answer cannot be used: "address: station: what; way out". Nothing of it was stored."""


class WeatherUnavailable(WeatherError):
    """The weather service does not answer, or asks us to wait `retry_after` seconds; the next look asks again."""

    def __init__(self, message: str, retry_after: float | None = None, sv: str = "") -> None:
        super().__init__(message, sv)
        self.retry_after = retry_after


class PricesError(MonitorError):
    """An answer of day-ahead prices cannot be used: "address or file: what; way out". Nothing of it was stored."""


class PricesUnavailable(PricesError):
    """The price service does not answer, or asks us to wait; the next look asks again."""


class KoladaError(MonitorError):
    """An answer of Kolada's cannot be used: "address: what; way out". Nothing of it was entered."""


class KoladaUnavailable(KoladaError):
    """Kolada does not answer, or asks to be left alone for a while; what was entered stays, ask again later."""
