"""Signed lists as telephones got them, the newest few of each choice of packs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlmodel import Field, SQLModel

from brand.kernel.records import Moment


class FieldList(SQLModel, table=True):
    """One list: the signed head, and its entries packed. ``choice`` is a digest of days and licences chosen."""

    __tablename__ = "field_lists"

    version: int = Field(primary_key=True, description="Grows from list to list, whatever the choice")
    choice: str = Field(max_length=64, index=True)
    made_at: datetime = Field(sa_type=Moment)
    head: str = Field(sa_type=Text, description="The text under the signature")
    kid: str = Field(foreign_key="statement_keys.kid")
    signature: str = Field(max_length=86)
    entries: bytes = Field(sa_type=LargeBinary, description="zlib over the entries' texts, a line each")
