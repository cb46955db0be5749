from .consent import Consent, ConsentDocument
from .contribution import Contribution, Withdrawal
from .image import Image
from .self_report import SelfReport

__all__ = ["Consent", "ConsentDocument", "Contribution", "Image", "SelfReport", "Withdrawal"]
