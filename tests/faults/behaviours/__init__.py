"""The behaviours of the catalogue, by subject; importing this registers them all."""

from tests.faults.behaviours import bodies, codings, discovery, guard, statuses, transport, walls

__all__ = ["bodies", "codings", "discovery", "guard", "statuses", "transport", "walls"]
