"""Goods, how they are arranged and described, where they lie; the catalogue index."""

from catalog.models.applications import Application, ProductApplication
from catalog.models.articles import Article
from catalog.models.calculators import (
    Calculator,
    CalculatorCheck,
    CalculatorInput,
    CalculatorKind,
    CalculatorLine,
    CalculatorPlace,
    CalculatorStep,
    CalculatorTable,
    CheckLevel,
    GoodsOrder,
)
from catalog.models.configurators import (
    ConfiguratorRule,
    ConfiguratorSlot,
)
from catalog.models.dictionary import (
    SearchPin,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    SuggestedPhrase,
)
from catalog.models.facets import FacetKind, SectionFacet
from catalog.models.goods import (
    Brand,
    MarginClass,
    Pack,
    Picture,
    Product,
    ProductSection,
    Sku,
    SkuQuerySet,
    Unit,
    sku_name,
)
from catalog.models.index import (
    IndexBlock,
    IndexChange,
    IndexCode,
    IndexGeneration,
    IndexText,
    IndexTouch,
)
from catalog.models.papers import PaperKind, ProductPaper
from catalog.models.places import AbsentPolicy, City, CityWarehouse, Warehouse
from catalog.models.popularity import SkuPopularity
from catalog.models.properties import Property, PropertyOption, PropertyType, PropertyValue
from catalog.models.queries import ProductClickDay, SearchQueryDay
from catalog.models.relations import ProductRelation, RelationKind
from catalog.models.sections import Classifier, ClassifierKind, Section
from catalog.models.stock import Stock
from catalog.models.weights import SearchWeights

__all__ = [
    "AbsentPolicy",
    "Application",
    "Article",
    "Brand",
    "Calculator",
    "CalculatorCheck",
    "CalculatorInput",
    "CalculatorKind",
    "CalculatorLine",
    "CalculatorPlace",
    "CalculatorStep",
    "CalculatorTable",
    "CheckLevel",
    "City",
    "CityWarehouse",
    "Classifier",
    "ClassifierKind",
    "ConfiguratorRule",
    "ConfiguratorSlot",
    "FacetKind",
    "GoodsOrder",
    "IndexBlock",
    "IndexChange",
    "IndexCode",
    "IndexGeneration",
    "IndexText",
    "IndexTouch",
    "MarginClass",
    "Pack",
    "PaperKind",
    "Picture",
    "Product",
    "ProductApplication",
    "ProductClickDay",
    "ProductPaper",
    "ProductRelation",
    "ProductSection",
    "Property",
    "PropertyOption",
    "PropertyType",
    "PropertyValue",
    "RelationKind",
    "SearchPin",
    "SearchQueryDay",
    "SearchRedirect",
    "SearchStopWord",
    "SearchSynonym",
    "SearchWeights",
    "Section",
    "SectionFacet",
    "Sku",
    "SkuPopularity",
    "SkuQuerySet",
    "Stock",
    "SuggestedPhrase",
    "Unit",
    "Warehouse",
    "sku_name",
]
