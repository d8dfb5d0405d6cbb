"""Units of sizes and of quantities: one key for every spelling."""

from decimal import Decimal, InvalidOperation

_MEASURES: dict[str, tuple[str, str, str]] = {
    # key: (base unit, how many of it, spellings)
    "мм": ("mm", "1", "мм mm миллиметр миллиметра миллиметров миллиметры"),
    "см": ("mm", "10", "см cm сантиметр сантиметра сантиметров"),
    "м": ("mm", "1000", "м m метр метра метров метры п.м пм пог.м м.п мп"),
    "км": ("mm", "1000000", "км km километр километра километров"),
    "мкм": ("mm", "0.001", "мкм микрон микрона микронов mkm"),
    "г": ("g", "1", "г g гр грамм грамма граммов"),
    "кг": ("g", "1000", "кг kg килограмм килограмма килограммов килограммы кило"),
    "т": ("g", "1000000", "т тонна тонны тонн"),
    "мл": ("ml", "1", "мл ml миллилитр миллилитра миллилитров"),
    "л": ("ml", "1000", "л l литр литра литров литры"),
    "вт": ("w", "1", "вт w ватт ватта ваттов"),
    "квт": ("w", "1000", "квт kw киловатт киловатта"),
    "в": ("v", "1", "в v вольт вольта вольтов"),
    "кв": ("v", "1000", "кв kv киловольт"),
    "а": ("a", "1", "а a ампер ампера амперов"),
    "ма": ("a", "0.001", "ма ma миллиампер"),
    "ка": ("a", "1000", "ка ka килоампер"),
    "ач": ("ah", "1", "ач а*ч а/ч ah а.ч"),
    "мач": ("ah", "0.001", "мач mah ма*ч"),
    "к": ("k", "1", "к k кельвин"),
    "дж": ("j", "1", "дж j джоуль джоуля джоулей"),
    "гц": ("hz", "1", "гц hz герц герца"),
    "бар": ("bar", "1", "бар bar"),
    "атм": ("atm", "1", "атм атмосфер"),
    "мпа": ("mpa", "1", "мпа mpa"),
    "лм": ("lm", "1", "лм lm люмен"),
    "дб": ("db", "1", "дб db"),
    "нм": ("nm", "1", "нм nm н*м"),
    "ква": ("va", "1000", "ква kva"),
    "ва": ("va", "1", "ва va"),
    "мкф": ("uf", "1", "мкф uf"),
    "гб": ("gb", "1", "гб gb"),
    "м2": ("m2", "1", "м2 m2 кв.м м.кв кв.метр квадрат"),
    "м3": ("m3", "1", "м3 m3 куб.м куб кубов"),
    "мм2": ("mm2", "1", "мм2 mm2 кв.мм мм.кв"),
    "г/м2": ("g/m2", "1", "г/м2 g/m2 гр/м2 г/кв.м г/м"),
    "кг/м3": ("kg/m3", "1", "кг/м3 kg/m3"),
    "м3/ч": ("m3/h", "1", "м3/ч m3/h м3/час"),
    "л/мин": ("l/min", "1", "л/мин l/min"),
    "об/мин": ("rpm", "1", "об/мин rpm"),
    "мес": ("month", "1", "мес месяц месяцев"),
    "°": ("deg", "1", "° °c град градус градуса градусов"),
    "%": ("%", "1", "%"),
}
_COUNTS: dict[str, str] = {
    "шт": "шт штук штуки штука штуку pcs sht",
    "уп": "уп упак упаковка упаковки упаковок упаковку",
    "пач": "пач пачка пачки пачек пачку",
    "меш": "меш мешок мешка мешков мешки",
    "кор": "кор короб коробка коробки коробок коробку",
    "рул": "рул рулон рулона рулонов рулоны",
    "лист": "лист листа листов листы",
    "пар": "пар пара пары пару",
    "компл": "компл комплект комплекта комплектов комплекты к-т",
    "набор": "набор набора наборов",
    "бух": "бух бухта бухты бухт бухту",
    "бан": "бан банка банки банок банку",
    "вед": "вед ведро ведра ведер",
    "ящ": "ящ ящик ящика ящиков",
    "бут": "бут бутылка бутылки бутылок",
    "фл": "фл флакон флакона флаконов",
    "туб": "туб туба тубы тюбик тюбика тюбиков",
    "кан": "кан канистра канистры канистр",
    "боч": "боч бочка бочки бочек",
    "поддон": "поддон поддона поддонов паллет паллета паллеты палета палет",
    "хлыст": "хлыст хлыста хлыстов",
    "бл": "бл блок блока блоков",
}
COUNTS: dict[str, str] = {word: key for key, words in _COUNTS.items() for word in words.split()}
"""Words of countable packs: a number with one of them at an end of a query is how many are wanted."""
MEASURES: dict[str, str] = {word: key for key, (_, _, words) in _MEASURES.items() for word in words.split()}
"""Words of measures: of a size, or of how much is wanted where goods are sold by it."""
SOLD_BY_MEASURE = frozenset({"м", "кг", "л", "г", "т", "м2", "м3", "км", "мл"})
LENGTHS = frozenset({"mm"})


def plain_number(text: str) -> str:
    """A number without idle zeros: `2.50` is `2.5`, `016` is `16`."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.lstrip("0") or "0" if not text.startswith("0.") else text


def measured(number: str, unit: str) -> str:
    """A number with its unit in the base unit: `0.5`, `квт` gives `500w`."""
    base, factor, _ = _MEASURES[MEASURES[unit]]
    if factor == "1":
        return plain_number(number) + base
    try:
        value = Decimal(number) * Decimal(factor)
    except InvalidOperation:
        return plain_number(number) + base
    return plain_number(f"{value:f}") + base


def sold_unit(text: str) -> str:
    """The key of a unit of sale: `шт.`, `штука` give `шт`; an unknown one is told as it stands."""
    word = text.lower().strip(" .")
    return COUNTS.get(word) or MEASURES.get(word) or word
