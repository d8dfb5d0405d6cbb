"""Calculators of the demonstration company: without faults, counted for the answers they begin with."""

import pytest
from django.forms.models import model_to_dict

from catalog.calculators.checking import Draft, draft_faults
from catalog.calculators.running import answers_read, run
from catalog.models import Calculator, Classifier, ClassifierKind, Section
from catalog.selectors.calculators import definition_of
from integrations.demo.calculators import calculators_fill
from integrations.demo.kinds import KINDS

pytestmark = pytest.mark.django_db

LISTS = ("inputs", "tables", "steps", "checks", "lines", "slots", "rules")


@pytest.fixture
def filled() -> None:
    tree = Classifier.objects.create(name="1С", kind=ClassifierKind.ERP)
    for name in sorted({kind.path[-1] for kind in KINDS}):
        Section.objects.create(classifier=tree, name=name, sort_key=name.casefold())
    calculators_fill()
    calculators_fill()


def test_there_are_three_of_each_kind(filled: None) -> None:
    assert Calculator.objects.filter(kind="calculator", is_published=True).count() == 3
    assert Calculator.objects.filter(kind="configurator", is_published=True).count() == 3


def test_none_has_a_fault(filled: None) -> None:
    properties = {prop.name for kind in KINDS for prop in kind.props}
    for calculator in Calculator.objects.all():
        rows = {name: tuple(getattr(calculator, name).order_by("pk")) for name in LISTS}
        for row in (row for found in rows.values() for row in found):
            row.full_clean()
        draft = Draft(**{name: tuple(map(model_to_dict, found)) for name, found in rows.items()})
        assert draft_faults(draft, properties=properties) == []


def test_all_are_counted_for_the_answers_they_begin_with(filled: None) -> None:
    for calculator in Calculator.objects.all():
        definition = definition_of(calculator)
        answers = answers_read(definition, {}, is_sent=False)
        counted = run(definition, answers.values)
        assert (dict(answers.errors), counted.fault, counted.refusals) == ({}, "", ())


def test_cable_of_five_kilowatts_and_forty_metres_is_four_square_millimetres(filled: None) -> None:
    definition = definition_of(Calculator.objects.get(slug="cable-section"))

    counted = run(definition, answers_read(definition, {}, is_sent=False).values)

    assert {one.step.name: one.text for one in counted.steps if one.step.name != "current"} == {
        "by_current": "2,5",
        "by_drop": "4",
        "s": "4",
        "lost": "3,3",
    }
