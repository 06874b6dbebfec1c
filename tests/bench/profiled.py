"""`python -m tests.bench.profiled COMMAND...`: `fairpassage COMMAND`, which a sampler beside it may look into.

Linux lets only a process's ancestors trace it unless it says otherwise, and py-spy is its sibling here.
"""

from __future__ import annotations

import ctypes
import sys

from infra.cli.main import main

_PR_SET_PTRACER = 0x59616D61
_ANY = ctypes.c_ulong(-1)

if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)
    main(sys.argv[1:])
