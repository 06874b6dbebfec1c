"""Scenes: what may happen to one part of a journey. Each changes one thing, and says so in the truth."""

from __future__ import annotations

from streams.publishers.simulator.scenes import (
    again,
    chain,
    complaint,
    contract,
    demand,
    destination,
    fees,
    grievance,
    hidden,
    hours,
    inspection,
    licences,
    orientation,
    passport,
    quality,
    returns,
    substitution,
    terms,
    typologies,
    visas,
    wages,
    work,
)

# The parts of a journey in the order in which they are arranged and played; what comes after sees all the rest. Whatever a worker
# complains of is one slot: what follows one complaint must not be taken for the answer to another.
SLOTS = (
    demand.SCENES,
    (*chain.SCENES, *hidden.SCENES),
    contract.SCENES,
    orientation.SCENES,
    work.SCENES,
    (*complaint.SCENES, *grievance.SCENES),
    quality.SCENES,
    destination.SCENES,
    terms.SCENES,
    substitution.SCENES,
    passport.SCENES,
    hours.SCENES,
    inspection.SCENES,
    wages.SCENES,
    fees.SCENES,
    licences.SCENES,
    visas.SCENES,
    typologies.SCENES,
    returns.SCENES,
    again.SCENES,
)
