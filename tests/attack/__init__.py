"""Every role tries what it may not do, on a real broker and a real front: `make attack` prints role, attempt and answer."""
