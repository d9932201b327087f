"""Deliveries and their receipts, and who may be written to."""

from notifications.models.base import Base
from notifications.models.delivery import (
    INVITATIONS,
    TO_MANY,
    Delivery,
    DeliveryState,
    Lane,
    Template,
)
from notifications.models.erasure import ErasedLetter, Erasure
from notifications.models.permission import PermissionStatement, Purpose
from notifications.models.receipt import Receipt, ReceiptKind, ReceiptState
from notifications.models.recipient import Recipient
from notifications.models.standing import RegistrationState, Standing
from notifications.models.suppression import (
    BARS_INVITATIONS_ONLY,
    Suppression,
    SuppressionReason,
)

__all__ = [
    "BARS_INVITATIONS_ONLY",
    "INVITATIONS",
    "TO_MANY",
    "Base",
    "Delivery",
    "DeliveryState",
    "ErasedLetter",
    "Erasure",
    "Lane",
    "PermissionStatement",
    "Purpose",
    "Receipt",
    "ReceiptKind",
    "ReceiptState",
    "Recipient",
    "RegistrationState",
    "Standing",
    "Suppression",
    "SuppressionReason",
    "Template",
]
