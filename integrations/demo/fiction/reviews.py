"""What the clients' people wrote of goods, and what the seller made of it. All invented."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ReviewData:
    """A review of the first good of a kind that the author's city has; a refusal has its reason."""

    author: str
    goods: str
    rating: int
    text: str
    pros: str = ""
    cons: str = ""
    reply: str = ""
    is_read: bool = True
    reason: str = ""


REVIEWS: Final = (
    ReviewData(
        "zaytsev@sever.example",
        "Кабель ВВГнг(А)-LS",
        5,
        "Берём бухтами на каждый объект. Сечение честное, померили микрометром, изоляция снимается ровно.",
        pros="Жила не недомерок, маркировка по метрам",
        cons="Бухта тяжёлая, вдвоём",
    ),
    ReviewData(
        "zaytsev@sever.example",
        "Автоматы модульные",
        4,
        "Поставили в этажные щиты, двести штук, брак – один. Клеммы держат хорошо.",
        cons="Рычажок туговат",
        reply="Спасибо! Бракованный автомат заменим: напишите менеджеру номер заказа.",
    ),
    ReviewData(
        "orlov@sever.example",
        "Кабель ВВГнг(А)-LS",
        4,
        "К кабелю вопросов нет, упаковка могла бы быть крепче: две бухты приехали с порванной плёнкой.",
    ),
    ReviewData(
        "vyatkina@uralenergo.example",
        "Болты DIN 933",
        5,
        "Резьба чистая, гайка идёт от руки. Покрытие не сыпется даже после ключа.",
        pros="Калиброванная головка",
    ),
    ReviewData(
        "vyatkina@uralenergo.example",
        "Анкеры",
        3,
        "В бетон В25 держат как положено, а в старый кирпич пошли с проворотом. Проверяйте основание.",
        reply="Клиновой анкер рассчитан на бетон. Для кирпича возьмите дюбель, подскажем размер.",
    ),
    ReviewData(
        "shestakov@uralenergo.example",
        "Прожекторы",
        5,
        "Осветили двор базы, светят второй сезон, мороз минус тридцать пережили.",
        pros="Яркие, корпус алюминиевый",
        cons="Короткий провод",
    ),
    ReviewData(
        "galkina@kubantorg.example",
        "Саморезы",
        4,
        "Хорошо продаются: острые, шлиц не слизывается. В розницу удобнее были бы пачки по 200.",
    ),
    ReviewData(
        "galkina@kubantorg.example",
        "Розетки",
        2,
        "Из коробки две с трещиной на рамке. Контакты нормальные, но покупатель смотрит на вид.",
        cons="Хрупкий пластик",
        reply="Приняли в работу, поставщику отправили претензию. Замена приедет со следующим заказом.",
    ),
    ReviewData(
        "nosova@stolica.example",
        "Витая пара",
        5,
        "Омметр показывает медь, не биметалл. Протянули 600 метров без единого перегиба.",
        pros="Ровная намотка, катушка не заедает",
    ),
    ReviewData(
        "zhdanov@stolica.example",
        "Насосы",
        4,
        "Тихий, на второй скорости хватает на два этажа. Инструкция мелким шрифтом.",
    ),
    ReviewData(
        "platonov@masterdoma.example",
        "Лампы светодиодные",
        5,
        "Возвратов за полгода нет, свет тёплый, не мерцает в камере телефона.",
    ),
    ReviewData(
        "platonov@masterdoma.example",
        "Перчатки",
        4,
        "Размер десять – как раз на зимнюю руку, облив не трескается.",
        is_read=False,
    ),
    ReviewData(
        "sotnikov@kubantorg.example",
        "Краны шаровые",
        1,
        "Звоните мне, продам дешевле: такие же краны со своего склада.",
        reason="Отзыв должен быть о товаре, объявления не публикуем.",
    ),
)
