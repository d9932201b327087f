"""What nobody should send, and somebody will: in fields, in addresses, as bodies and headers."""

import json
from urllib.parse import quote

COMPUTED = "8641969"  # what a template makes of it that takes text for its own
SCRIPT = "<script>alert(1)</script>"
QUOTE = '" onmouseover="alert(1)'
INJECTED = "X-Injected"

# As bytes, where they are no text.
TEXTS: dict[str, str | bytes] = {
    "nothing": "",
    "space": " \t ",
    "invisible": "\u200b\u2060\ufeff",
    "100 kB": "x" * 100_000,
    "60 kB": "y" * 60_000,
    "NUL": "Jo\0",
    "escape": "Jo\x1b[31m",
    "C1": "Jo\x9b31m",
    "half a character": b"Jo\xed\xa0\x80",
    "no UTF-8": b"Jo\xff\xfe",
    "overlong": b"\xc0\xaf\xe0\x80\xaf",
    "lost character": "Jo\ufffd",
    "no character": "Jo\uffff\U0010ffff",
    "turned round": "\u202egro.elpmaxe@oj\u2066",
    "right to left": "عبد الرحمن שלום",
    "zalgo": "J" + "\u0301\u0327" * 200 + "o",
    "many marks": "a" + "\u0323\u0307" * 9_000,
    "emoji": "👩🏽‍❤️‍💋‍👨🏿🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "grows by NFKC": "\ufdfa" * 190,
    "grows by case": "İŉǰΐßﬃ" * 10,
    "lines": "a\r\nb\rc\nd\u2028e\u2029f\x85g",
    "header": f"Jo\r\n{INJECTED}: 1\r\n\r\n<html>",
    "folded header": f"Jo%0d%0a{INJECTED}: 1",
    "SQL": "'); DROP TABLE member; --",
    "SQL pattern": "%_\\%' ESCAPE '",
    "script": SCRIPT,
    "attribute": QUOTE,
    "template": "{{ 7*1234567 }}${7*1234567}{% for %}",
    "format": "{0.__class__.__init__.__globals__}%s%n%(x)s",
    "formula": '=HYPERLINK("https://example.org/","Jo")',
    "macro": "@SUM(1+1)*cmd|' /C calc'!A0",
    "path": "../../../etc/passwd",
    "script address": "javascript:alert(1)",
    "elsewhere": "https://elsewhere.example.org/",
    "elsewhere, no scheme": "//elsewhere.example.org",
    "elsewhere, slashes": "/\\elsewhere.example.org",
    "broken address": "https://[::1",
    "huge number": "9" * 5_000,
    "beyond 64 bits": "18446744073709551616",
    "beyond 32 bits": "2147483648",
    "negative": "-1",
    "zero": "0",
    "fraction": "1.5",
    "infinity": "1e400",
    "NaN": "NaN",
    "hexadecimal": "0x10",
    "underscore": "1_0",
    "superscript": "²",
    "other digits": "１２٣",
    "roman digit": "Ⅻ",
    "31": "31",
    "13": "13",
    "29 hours": "29:61",
    "an hour that is not": "1:30am",
    "true": "true",
    "null": "null",
    "list": '["a"]',
    "object": '{"$gt": ""}',
    "no such id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "two addresses": "a@example.org,b@example.org",
    "address with line": "a@example.org\nBcc: b@example.org",
    "punycode": "jo@xn--\u20ac.xn--a.example",
    "long labels": "jo@" + ".".join(["a" * 70] * 4),
    "other letters": "ɉö@例え.テスト",
    "literal": "jo@[IPv6:::1]",
    "quoted": '"jo\\ "@example.org',
}
# All at once, or where there are many places.
WORST = ("nothing", "100 kB", "NUL", "half a character", "header", "script", "huge number", "zalgo")
# Dates that are none, and hours that are missing or come twice: day, month, year, time.
DATES = (
    ("31", "2", "2031", "2pm"),
    ("29", "2", "2031", "2pm"),
    ("31", "3", "2030", "1:30am"),  # the clocks go forward
    ("27", "10", "2030", "1:30am"),  # the clocks go back
    ("1", "1", "9999", "2pm"),
    ("1", "1", "0000", "2pm"),
    ("0", "0", "0", "0"),
    ("31", "12", "2099", "11:59pm"),
    ("²", "٣", "２０３０", "２pm"),
    ("-1", "-1", "-1", "-1:-1"),
)
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_EDGE = "multipart/form-data; boundary=edge"
BODIES: dict[str, tuple[str | None, bytes]] = {
    "nothing": (None, b""),
    "no type": (None, b"name=Jo"),
    "unknown type": ('x/y; charset="', b"name=Jo"),
    "text": ("text/plain", b"name=Jo"),
    "XML": ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "separators": (_FORM, b"&&&===;;;&=&"),
    "broken escapes": (_FORM, b"name=%zz%2&%%%=%u0041&csrf_token=%"),
    "bad name": (_FORM, b"%ff=1&%00=2&%ed%a0%80=3"),
    "many fields": (_FORM, b"a=1&" * 500),
    "other charset": (_FORM + "; charset=utf-16", "name=Jo".encode("utf-16")),
    "UTF-7": (_FORM + "; charset=utf-7", b"name=+ADw-script+AD4-"),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n--x--"),
    "long boundary": ("multipart/form-data; boundary=" + "b" * 1000, b"--x"),
    "cut off": (_EDGE, b'--edge\r\nContent-Disposition: form-data; name="name"\r\n\r\nJo'),
    "no headers": (_EDGE, b"--edge\r\n\r\nJo\r\n--edge--\r\n"),
    "nameless": (_EDGE, b"--edge\r\nContent-Disposition: form-data\r\n\r\nJo\r\n--edge--\r\n"),
    "file": (
        _EDGE,
        b'--edge\r\nContent-Disposition: form-data; name="name"; filename="../../a"\r\n'
        b"Content-Type: text/html\r\n\r\n<script>\r\n--edge--\r\n",
    ),
    "bad bytes in parts": (
        _EDGE,
        b'--edge\r\nContent-Disposition: form-data; name="n\xff"\r\n\r\n\xff\x00\r\n--edge--\r\n',
    ),
    "strange encoding": (
        _EDGE,
        b'--edge\r\nContent-Disposition: form-data; name="name"\r\n'
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nJo\r\n--edge--\r\n",
    ),
    "half JSON": (_JSON, b'{"name": '),
    "deep JSON": (_JSON, b"[" * 30_000),
    "deep objects": (_JSON, b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
    "JSON list": (_JSON, b"[]"),
    "JSON text": (_JSON, b'"x"'),
    "JSON null": (_JSON, b"null"),
    "JSON NaN": (_JSON, b"[NaN, -Infinity, 1e999]"),
    "JSON long number": (_JSON, b"[" + b"1" * 5_000 + b"]"),
    "JSON half character": (_JSON, b'{"name": "\\ud800", "\\udfff": 1}'),
    "JSON NUL": (_JSON, b'{"name": "\\u0000"}'),
    "JSON twice": (_JSON, b'{"name": "a", "name": ["b"]}'),
    "JSON mark": (_JSON, b"\xef\xbb\xbf{}"),
    "JSON UTF-16": (_JSON, '{"name": "Jo"}'.encode("utf-16")),
    "JSON bad bytes": (_JSON, b'{"name": "\xff"}'),
    "JSON of a kind": ("application/vnd.x+json; charset=latin-1", b'[{"email": {}}]'),
}
# As parts of a path, already escaped.
PARTS = {
    "NUL": "%00",
    "header": f"a%0d%0a{INJECTED}:%201",
    "no UTF-8": "%ff%fe",
    "half a character": "%ed%a0%80",
    "up": "..%2f..%2f..%2fetc%2fpasswd",
    "backslash": "..%5c..%5c",
    "dots": "..",
    "slash": "%2f",
    "broken escape": "%zz%",
    "long": "a" * 5_000,
    "script": quote(SCRIPT),
    "template": quote("{{ 7*1234567 }}"),
    "SQL": quote("' or 1=1 --"),
    "emoji": quote("💥"),
    "turned round": quote("\u202eabc"),
    "negative": "-1",
    "no such id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "id of nobody": "00000000-0000-0000-0000-000000000000",
    "capitals": "01890A5D-AC96-774B-BCCE-B302099A8057",
    "token of nobody": "A" * 52,
    "half a token": "AQAAAAEBoi",
}
_HEADERS: dict[str, tuple[str, ...]] = {
    "Accept": ("x", "*/*;q=a", "application/json;q=1e999", ",;,", "text/html;" * 200),
    "Accept-Encoding": ("br;q=z",),
    "Accept-Language": ("\xff", "a-" * 200),
    "Authorization": ("Bearer", "Basic \xff", 'Digest username="'),
    "Content-Length": ("-1", "many", "99999999999999999999"),
    "Cookie": (
        "registration_session=x; membership_session=.e.y; notifications_session=\xff",
        "coproduce_staff=W10.x; coproduce_staff=\x00",
        "=;=;;" * 100,
    ),
    "Host": ("", "a b", "[::1", "elsewhere.example.org", "x" * 300),
    "Idempotency-Key": ("", "k" * 300, "\xff\xfe", "a,b"),
    "If-Modified-Since": ("yesterday", "Mon, 99 Foo 0000 99:99:99 GMT"),
    "If-None-Match": ('"', 'W/"\xff'),
    "Range": ("bytes=9-1", "bytes=-" + "9" * 30, "x"),
    "Referer": ("http://[", "elsewhere"),
    "Traceparent": ("x", "00-" + "z" * 32 + "-" + "0" * 16 + "-01", "00-" + "0" * 32),
    "X-Forwarded-For": ("not an address", "1.2.3.4, " * 50, "::ffff:1.2.3.4%eth0"),
    "X-Forwarded-Proto": ("gopher",),
}
HEADERS = [(name, value) for name, values in _HEADERS.items() for value in values]
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW", "post")
# What stands in a field of JSON in place of text.
ODD_JSON = [
    *(value for value in TEXTS.values() if isinstance(value, str)),
    "\ud800",
    *json.loads('[null, true, 0, -1, 1e308, 9999999999999999999999, [], {}, ["a"], {"a": 1}]'),
]
