"""Labelled synthetic corridors: what offices would publish, with the truth about what was planted in it."""
