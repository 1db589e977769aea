"""A text's small words speak for the same language in every process."""

from dragoman.translate.reading.tongues import find_tongue


def test_languages_that_the_same_words_speak_for_are_taken_in_a_fixed_order() -> None:
    # A set's order is another in each process; the gate's verdict may not be.
    assert find_tongue("[en] Casas dañadas", "en") == "es"
    assert find_tongue("[pt] [en] Escuelas cerradas", "pt") == "es"
