"""Broken JSON is mended where it is broken in a usual way, and nothing that is whole is changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extraction.page.embedded import each, loads
from newscrawl.extraction.page.mending import mended

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ('{"a": "قالت "البلدية" إن"}', {"a": 'قالت "البلدية" إن'}),
        ('{"a": "قالت "البلدية", وأضافت", "b": 1}', {"a": 'قالت "البلدية", وأضافت', "b": 1}),
        ('{"a": , "b": 2}', {"a": None, "b": 2}),
        ('{"a": 1, "b": }', {"a": 1, "b": None}),
        ('{"a": 1, "b": [1, 2,], }', {"a": 1, "b": [1, 2]}),
        ('{"a": 1, "b": {"c": "ن', {"a": 1, "b": {"c": "ن"}}),
        ('{"a": 1, "b', {"a": 1, "b": None}),
        ('{"a": "سطر\nسطر"}', {"a": "سطر سطر"}),
        ('{"a": "C:\\مجلد"}', {"a": "C:\\مجلد"}),
        ('{"a": "وصف "السوق", "الحي" و"البلدة"", "b": 1}', {"a": 'وصف "السوق", "الحي" و"البلدة"', "b": 1}),
        ('{{"a": 1}}', {"a": 1}),
        ('{"a": NaN, "b": undefined, "c": 1}', {"a": None, "b": None, "c": 1}),
        ('{"a": <br />\n<b>Notice</b>: Undefined index: n in <b>/x.php</b><br />\n, "b": 1}', {"a": None, "b": 1}),
        ('{"a": 1, /* ملاحظة */ "b": 2 // ونهاية\n}', {"a": 1, "b": 2}),
    ],
)
def test_mended(broken: str, whole: Any) -> None:
    assert json.loads(mended(broken)) == whole


@given(st.dictionaries(st.text(), JSON) | st.lists(JSON))
def test_whole_json_stays(value: Any) -> None:
    assert loads(json.dumps(value, ensure_ascii=True)) == value or "\\ud" in json.dumps(value)


@given(st.text(alphabet='{}[]",:\\ aن1\n', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    mended(text)
    loads(text)
    list(each(text))


def test_values_behind_one_another() -> None:
    assert list(each('{"a": 1}\n{"b": 2}, [3]')) == [{"a": 1}, {"b": 2}, [3]]


@pytest.mark.parametrize(
    "text",
    [
        'var schema = {"a": "ن"};',
        '/* [بيانات] */ {"a": "ن"}',
        '<!--//--><![CDATA[//><!--\n{"a": "ن"}\n//--><!]]>',
        "{&#34;a&#34;: &#34;ن&#34;}",
        "{&#8220;a&#8221;: &#8220;ن&#8221;}",
        "{“a”: “ن”}",
        "{«\xa0a\xa0»: «\xa0ن\xa0»}",
        "{&amp;quot;a&amp;quot;: &amp;quot;ن&amp;quot;}",
    ],
)
def test_wrappings(text: str) -> None:
    assert next(each(text)) == {"a": "ن"}
