from .case import Case, CaseImage
from .check import PrivacyCheck

__all__ = ["Case", "CaseImage", "PrivacyCheck"]
