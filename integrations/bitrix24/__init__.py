"""Bitrix24 REST: companies with their requisites, contacts, deals with their rows."""
