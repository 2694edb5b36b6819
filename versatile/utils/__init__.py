"""The old path ``versatileimagefield.utils``, ``imagekit.utils`` and ``pilkit.utils`` in one."""

from versatile.utils.images import *  # noqa: F403
from versatile.utils.keys import *  # noqa: F403
from versatile.utils.specs import *  # noqa: F403
