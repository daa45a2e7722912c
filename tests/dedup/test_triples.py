"""Hashes of words and of their triples."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup.triples import low_halves, triple_hashes, triples, word_hashes

WORDS = st.lists(st.integers(0, 2000).map(lambda number: f"كلمة{number}".encode()), min_size=3, max_size=100)


@given(WORDS)
def test_a_word_has_one_hash_wherever_it_stands(words: list[bytes]) -> None:
    hashes = word_hashes(words)
    assert [word_hashes([word])[0] for word in words] == list(hashes)
    assert all(value < 1 << 32 for value in hashes)


@given(WORDS)
def test_a_triple_has_one_hash_wherever_it_stands(words: list[bytes]) -> None:
    alone = [triple_hashes(word_hashes(words[start : start + 3]))[0] for start in range(len(words) - 2)]
    assert list(triple_hashes(word_hashes(words))) == alone


@given(WORDS, WORDS)
def test_only_equal_triples_have_equal_hashes(one: list[bytes], other: list[bytes]) -> None:
    met = dict[int, tuple[bytes, ...]]()
    for words in (one, other):
        for value, triple in zip(
            low_halves(triple_hashes(word_hashes(words))), zip(words, words[1:], words[2:], strict=False), strict=True
        ):
            assert met.setdefault(value, triple) == triple


@given(WORDS)
def test_a_lead_is_enough_for_its_triples(words: list[bytes]) -> None:
    hashes = word_hashes(words)
    assert triples(low_halves(hashes).tobytes()) == low_halves(triple_hashes(hashes))


def test_triples_are_those_of_neighbouring_words() -> None:
    assert len(triples(bytes(4 * 5))) == 3
    assert not triples(bytes(8))
