"""Marks words for translation, where Django is not known: whoever shows them translates them."""


def gettext_noop(words: str) -> str:
    """Return the words as they are, English; the name is the one that ``make messages`` looks for.

    What is put in later stands in braces, ``{host}``, so that a sentence that was written down
    whole can be told apart again from what was put in (``web.sentences``).
    """
    return words
