"""Two clients full of canaries: one with two legal entities and people limited to one of them."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import User
from catalog.models import (
    Article,
    Calculator,
    City,
    Classifier,
    PaperKind,
    Picture,
    ProductPaper,
    ProductSection,
    Section,
    Sku,
)
from counterparties.models import (
    ConsentKind,
    ConsentText,
    DeliveryAddress,
    Holding,
    LegalEntity,
    LegalEntityBankAccount,
    ManagerCard,
)
from counterparties.permissions import ReadyRole
from finance.selectors.overriding import PERMISSION as OVERRIDING
from integrations.models import ExchangeNode
from portal.files.services import store
from tests.factories import (
    make_address,
    make_contract,
    make_holding,
    make_legal_entity,
    make_manager,
    make_person,
    make_world,
)
from tests.sweep.canaries import canary
from tests.sweep.corners import make_corner
from tests.sweep.things import Corner, Firm, Goods

ONEC_PASSWORD = "exchange-password"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccfc0500f000485018084a98c210000000049454e44ae426082"
)


@dataclass(frozen=True)
class SweepWorld:
    goods: Goods
    corners: dict[str, Corner]
    users: dict[str, User]
    literals: dict[str, str]
    node: ExchangeNode


def make_sweep_world() -> SweepWorld:
    """Corners a1e1 and a1e2 (colleagues), a2e3 (the other legal entity), b1e1 (the other client)."""
    base = make_world()
    city = base.city
    users: dict[str, User] = {}
    literals: dict[str, str] = {}
    corners: dict[str, Corner] = {}
    goods = _goods(city, base.skus)
    for letter, entities in (("a", (("a1", ("e1", "e2")), ("a2", ("e3",)))), ("b", (("b1", ("e1",)),))):
        holding = make_holding(f"Группа {canary(letter)}", city=city)
        users[f"{letter}head"] = make_person(holding, ReadyRole.HEAD, full_name=canary(f"{letter}people"))
        manager = users[f"{letter}manager"] = make_manager(holding, full_name=f"Менеджер {letter}")
        assign_perm(OVERRIDING, manager)
        photo = store(content=PNG, name="photo", mime="image/png")
        ManagerCard.objects.create(user=manager, photo=photo)
        for tag, people in entities:
            entity, firm = _firm(holding, tag)
            literals[entity.inn] = tag
            for person in people:
                key = f"{tag}{person}"
                corner = make_corner(key, holding, entity, firm, users[f"{letter}head"], manager, goods)
                corners[key] = corner
                users[key] = User.objects.get(pk=corner.ids["user"])
    node = ExchangeNode(code="main", name="УТ", username="1c")
    node.set_password(ONEC_PASSWORD)
    node.save()
    users["admin"] = base.administrator
    users["closed"] = make_person(Holding.objects.get(pk=corners["a1e1"].ids["holding"]), ReadyRole.HEAD)
    for user in users.values():
        EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    return SweepWorld(goods, corners, users, literals, node)


def _goods(city: City, skus: tuple[Sku, ...]) -> Goods:
    section = Section.objects.create(
        classifier=Classifier.objects.create(name="По виду"), name="Крепеж", sort_key="крепеж"
    )
    ProductSection.objects.bulk_create(ProductSection(product=sku.product, section=section) for sku in skus)
    picture = Picture.objects.create(
        product=skus[0].product,
        source_path="import_files/1.png",
        file=store(content=PNG, name="1.png", mime="image/png"),
    )
    paper = ProductPaper.objects.create(
        product=skus[0].product,
        kind=PaperKind.CERTIFICATE,
        number="77",
        file=store(content=PNG + b"paper", name="2.png", mime="image/png"),
    )
    text = ConsentText.objects.filter(published_at__isnull=False).order_by("pk").first()
    text = text or ConsentText.objects.create(
        kind=ConsentKind.PERSONAL_DATA,
        version=1,
        title="Согласие",
        text="Согласен",
        sha256="0" * 64,
        published_at=timezone.now(),
    )
    article = Article.objects.create(
        title="Статья", slug="article", body="<p>Текст</p>", is_published=True, published_at=timezone.now()
    )
    article.products.add(skus[0].product)
    calculator = Calculator.objects.create(slug="nails", name="Гвозди", is_published=True)
    calculator.inputs.create(name="area", label="Площадь", default="10")
    calculator.lines.create(label="Гвоздь", quantity="area", sku=skus[0])
    return Goods(city, skus, section, picture, paper, article, calculator, text)


def _firm(holding: Holding, tag: str) -> tuple[LegalEntity, Firm]:
    entity = make_legal_entity(holding, name=f"ООО {canary(tag)}")
    for name in ("full_name", "legal_address", "head_name", "phone"):
        setattr(entity, name, canary(tag))
    entity.email = f"{canary(tag)}@dealer.example"
    entity.save()
    contract = make_contract(entity, number=canary(tag))
    address = make_address(entity, address=f"Москва, {canary(tag)}")
    DeliveryAddress.objects.filter(pk=address.pk).update(contact_name=canary(tag), notes=canary(tag))
    account = LegalEntityBankAccount.objects.create(
        legal_entity=entity,
        bank_name=canary(tag),
        bic="044525225",
        account="40702810138250123017",
        correspondent_account="30101810400000000225",
        is_default=True,
    )
    return entity, Firm(contract, address, account)
