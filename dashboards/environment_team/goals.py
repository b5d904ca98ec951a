"""Målen: every goal with its value, path, verdict and probability, and its picture."""

from config.domain.panels import About, Audience, Dashboard
from dashboards._goals import GOAL_PANELS

DASHBOARD = Dashboard(
    uid="malen",
    title_sv="Målen",
    title_en="The goals",
    audience=Audience.ENVIRONMENT_TEAM,
    description_sv="Varje mål med värde, väg, läge och sannolikhet; beslutade mål och egna jämförelser var för sig.",
    description_en="Each goal with value, path, verdict and probability; decided goals and comparisons of our own apart.",
    about=About.ESTATE,
    place=4,
    panels=GOAL_PANELS,
)
