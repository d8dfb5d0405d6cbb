"""Документ с файлом."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from integrations.push.fields import Currency, Day, Item, Moment, Money, OptionalRef, Ref, Text, uuid_read

FILE_LIMIT = 20 * 1024 * 1024
_ENCODED_LIMIT = FILE_LIMIT * 4 // 3 + 1024 * 1024  # with line breaks
_MOST_ORDERS = 500


def _request(value: str) -> str:
    return str(uuid_read(value)) if value else ""


class DocumentFile(Item):
    """Файл документа: PDF, XML, XLSX, JPEG, PNG или ZIP – сам, до 11 МБ, или ссылкой https, до 20 МБ.

    Ссылка годится, если её сервер записан в настройках базы на портале. Портал сверяет размер и SHA-256.
    """

    name: Annotated[Text, Field(max_length=255)] = ""
    mime: Annotated[Text, Field(max_length=100)] = ""
    size: Annotated[int, Field(gt=0, le=FILE_LIMIT)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True)]
    content_base64: Annotated[str, Field(max_length=_ENCODED_LIMIT)] | None = None
    url: Annotated[Text, Field(max_length=2000)] | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> "DocumentFile":
        if (self.content_base64 is None) == (self.url is None):
            raise ValueError("нужно одно из двух: content_base64 или url")
        return self


class DocumentSignature(Item):
    """Кто подписал: ФИО, номер сертификата, до какого дня он действует."""

    name: Annotated[Text, Field(min_length=1, max_length=300)]
    certificate: Annotated[Text, Field(max_length=300)] = ""
    until: Annotated[Text, Field(max_length=100)] = ""


class DocumentEdo(Item):
    """Что с документом у оператора ЭДО. reason – причина отказа или что уточнить, её видит клиент.

    Портал принимает статусы по порядку: запоздавшее «доставлен» после «подписан» ничего не меняет.
    """

    operator: Annotated[Text, Field(min_length=1, max_length=100)]
    message_id: Annotated[Text, Field(max_length=200)] = ""
    status: Literal[
        "sent", "received", "delivered", "signed", "rejected", "correction", "revoking", "revoked"
    ]
    at: Moment
    reason: Annotated[Text, Field(max_length=500)] = ""
    signatures: Annotated[list[DocumentSignature], Field(max_length=50)] = []


class DocumentItem(Item):
    """Счёт, накладная, УПД, корректировка, возврат, оплата, акт сверки или договор.

    order_refs – номера заказов портала или Ид заказов 1С. request_ref – запрос портала, на который это ответ.
    У корректировки sum – разница: больше нуля – долг вырос, меньше – снизился. У оплаты payment_id – номер
    платежа у провайдера или банка, paid_by_ref – кто заплатил, если не сам должник, purpose – назначение.
    """

    ref: Ref
    type: Literal["invoice", "shipment", "upd", "correction", "return", "payment", "act", "contract"]
    number: Annotated[Text, Field(max_length=50)] = ""
    date: Day = None
    sum: Money | None = None
    currency: Currency = "RUB"
    counterparty_ref: Ref
    contract_ref: OptionalRef = ""
    order_refs: Annotated[list[Ref], Field(max_length=_MOST_ORDERS)] = []
    payment_id: Annotated[Text, Field(max_length=64)] = ""
    paid_by_ref: OptionalRef = ""
    purpose: Annotated[Text, Field(max_length=300)] = ""
    file: DocumentFile | None = None
    edo: DocumentEdo | None = None
    request_ref: Annotated[Text, AfterValidator(_request)] = ""
    as_of: Moment | None = None
    deleted: bool = False
