"""The words that hold sentences together: in a query with other words they do not say what is looked for."""

from __future__ import annotations

_BELARUSIAN = """
а аб або але без бо быў была былі было быць ва вы да для ды до ж за з і ён яна яны яно іх яго яе як якая якія які каб калі
ля мы на над не ні о па пад пры пра праз са сваё так таксама там тое той то у ў што гэта гэты гэтая ці ад із я ты ім
"""
_RUSSIAN = """
а без бы был была были было быть в во вы да для до его ее если же за и из или их к как которая которые который ли мы на над
не ни но о об он она они оно от по под при про с со так также там то тот у что это этот эта эти я ты им
"""
_ENGLISH = """
a an and are as at be been by for from had has have he her his i if in into is it its of on or our she so that the their
them they this those to was we were what when which who will with you your
"""

COMMON_WORDS = frozenset(
    word.replace("ё", "е").replace("ў", "у") for word in (_BELARUSIAN + _RUSSIAN + _ENGLISH).split()
)
"""Folded."""
