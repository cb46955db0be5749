from .condition import Condition
from .label import Label, LabeledCondition
from .skin_tone import SkinToneAssignment, SkinToneEstimate, SkinTonePoolMember
from .task import Assignment, LabelTask

__all__ = [
    "Assignment",
    "Condition",
    "Label",
    "LabelTask",
    "LabeledCondition",
    "SkinToneAssignment",
    "SkinToneEstimate",
    "SkinTonePoolMember",
]
