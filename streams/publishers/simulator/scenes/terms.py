"""What the contract says and when it was signed: a language not understood, signed at the last hour (T-CON-05)."""

from __future__ import annotations

from streams.domain.instants import DAY, HOUR, Instant, text
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.lawful import PASSPORT, refs
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, paper_at_origin
from streams.publishers.simulator.script import Script

UNDERSTOOD = "T-CON-05"
LANGUAGE, SIGNING = "language", "signing"
THREE_LETTERS = {"bn": "ben", "ur": "urd", "tl": "fil", "ne": "nep", "hi": "hin", "am": "amh"}


def _written(script: Script, code: str) -> str:
    """Each paper of the origin in a language; says which of them is in force at departure."""
    paper = paper_at_origin(script)
    for name in ("contract", "acknowledged"):
        if name in script.steps:
            script.steps[name].body["language"] = code
    return paper


def _foreign(script: Script) -> None:
    script.plant(UNDERSTOOD, "language_not_understood", _written(script, script.setting.draw.choice(("ar", "en", "ara"))), issue=LANGUAGE)


def _three_letters(script: Script) -> None:
    code = THREE_LETTERS[life.LANGUAGES[script.setting.origin]]
    script.spare(UNDERSTOOD, "code_of_three_letters", _written(script, code), issue=LANGUAGE)


def _translated(script: Script) -> None:
    """In Arabic, with the worker's acknowledgement of a text in the worker's own language."""
    paper = _written(script, "ar")
    _acknowledged(script, script.setting.departure - 5 * DAY)
    script.spare(UNDERSTOOD, "translated", paper, "acknowledged", issue=LANGUAGE)


def _acknowledged(script: Script, signed: Instant) -> None:
    s = script.setting
    body = bodies.terms(script) | {"signed_at": text(signed)}
    script.add("acknowledged", bodies.ACKNOWLEDGED, signed, world.satellite(s.corridor), body, PASSPORT, refs=refs(script, "contract"),
               clean=True)  # fmt: skip


def _at_the_last_hour(script: Script) -> None:
    _acknowledged(script, script.setting.departure - script.setting.draw.randrange(1, 24) * HOUR)
    script.plant(UNDERSTOOD, "signed_at_the_last_hour", "acknowledged", "departed", issue=SIGNING)


def _a_day_before(script: Script) -> None:
    _acknowledged(script, script.setting.departure - DAY)
    script.spare(UNDERSTOOD, "signed_a_day_before", "acknowledged", "departed", issue=SIGNING)


SCENES = (
    lawful("terms"),
    Scene("foreign_language", _foreign, share=0.6),
    Scene("three_letters", _three_letters, share=0.3),
    Scene("translated", _translated, share=0.3),
    Scene("last_hour", _at_the_last_hour, share=0.5),
    Scene("a_day_before", _a_day_before, share=0.4),
)  # fmt: skip
