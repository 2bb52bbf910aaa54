"""The built site goes out: onto a branch, into a folder; and what is published comes back.

A stranger of `pages`: it is given a folder of files, and knows of a site only what its receipts
say. What is published is a *place*, whose files the plan looks at (`plan`): the site's own files
take the place of those before, versions and other publications stay. `branch` and `folder` put the
plan in place so that a reader sees the old site or the new one, whole.
"""

from __future__ import annotations

from staticrun.publish.missing import missing
from staticrun.publish.order import Order
from staticrun.publish.publish import Published, publish
from staticrun.publish.restore import Restored, restore

__all__ = ["Order", "Published", "Restored", "missing", "publish", "restore"]
