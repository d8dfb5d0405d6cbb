"""Calculators and configurators as they are counted: definitions, their faults, one run; no database."""
