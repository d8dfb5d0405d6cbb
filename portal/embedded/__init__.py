"""PostgreSQL and Redis of the portal's own, under `var/embedded`, for one machine.

Independent of Django: settings ask `services()` for addresses, the rest is `python -m portal.embedded`.
"""

from portal.embedded.host import EmbeddedError
from portal.embedded.state import HOME, Services, services

__all__ = ["HOME", "EmbeddedError", "Services", "services"]
