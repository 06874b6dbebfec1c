"""The demo: simulated corridors through the whole chain, and what was found against what was planted."""
