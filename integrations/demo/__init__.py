"""The demonstration company: a seeded export of an invented distributor, as 1C would write it.

Everything here is plain data and plain Python: no models, no settings. The files go into the portal
through the real 1C exchange. Firms, brands, people and requisites are invented.
"""
