"""Moments in lists of the administration, as short as everywhere in the portal; all else is Django's."""

DATETIME_FORMAT = "d.m.Y H:i"
