"""Whether reports reach the mailboxes that they are planned for."""

from config.loading import Municipality
from config.settings import Settings
from services.app.doctor.answers import Answer, Verdict
from services.state.report_mails import NOT_ARRIVED, MailState, ReportMailsTable

WORDS = {MailState.IN_DOUBT: "osäkra", MailState.REFUSED: "avvisade", MailState.BOUNCED: "i retur"}
QUESTION = "Kommer rapporterna fram?"


def reports_arrive(chosen: Settings, town: Municipality, ledger: ReportMailsTable) -> Answer:
    """What the ledger says of mails, and whether there is a mail server where reports are planned."""
    planned = sum(len(readers.reports) for readers in town.audiences)
    counts = ledger.counts()
    if (planned or counts.get(MailState.QUEUED)) and (chosen.smtp_host is None or chosen.smtp_sender is None):
        seen = f"{planned} planerade, {counts.get(MailState.QUEUED, 0)} mejl väntar, ingen e-postserver är angiven"
        return Answer(QUESTION, Verdict.BAD, seen, "Sätt ENERGIMONITOR_SMTP_HOST och ENERGIMONITOR_SMTP_SENDER.")
    failed = {state: counts[state] for state in NOT_ARRIVED if state in counts}
    if failed:
        seen = ", ".join(f"{count} {WORDS[state]}" for state, count in failed.items())
        return Answer(QUESTION, Verdict.BAD, seen, "`energimonitor report deliveries` visar vilka och varför.")
    tried = [mail for mail in ledger.mails([MailState.QUEUED]) if mail.error_sv]
    if tried:
        seen = f"{len(tried)} mejl har inte tagits emot än: {tried[0].error_sv}"
        return Answer(QUESTION, Verdict.WATCH, seen, "De sänds igen av sig själva, i fem dygn.")
    return Answer(QUESTION, Verdict.GOOD, f"{planned} planerade, {counts.get(MailState.SENT, 0)} mejl sända")
