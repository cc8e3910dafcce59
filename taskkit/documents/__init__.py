"""Documents: one model for every kind of file, with places that a person finds again."""

from taskkit.documents.model import Block, Cell, Document, Paragraph, Row, Table
from taskkit.documents.opening import read_document

__all__ = ["Block", "Cell", "Document", "Paragraph", "Row", "Table", "read_document"]
