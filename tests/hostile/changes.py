"""Changes at random that turn a good file into a bad one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

TOKENS: Final = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", b"\x1b]0;x\x07", b"\r", b"\x85"),
    *(
        b"\xe2\x80\xae",
        b"\xe2\x80\xa8",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x92\xa9",
        b"\\ud800",
        b"\\u0000",
    ),
    *(b"&a [*a]", b"*a", b"<<: *a", b"!!python/object/apply:os.system [x]", b"!!binary x", b"? ["),
    *(b"[" * 400, b"{a: " * 300, b"- " * 500, b"'" * 3, b'"""', b"|+\n", b"%YAML 9.9\n", b"---\n"),
    *(b"9" * 4400, b"1e999999", b"-0", b"0x1F", b".nan", b"1_000", b"0o7", b"12:30:45", b"~"),
    *(
        b"9999-12-31",
        b"0000-00-00",
        b"2019-02-30",
        b"2019-W01",
        b"1/2/3",
        b"2018/2019",
        b"x" * 70000,
    ),
    *(
        b"=cmd|' /C calc'!A0",
        b"@SUM(1)",
        b"+1",
        b"</td><script>",
        b"&lt;",
        b"{{7*7}}",
        b"%s%n",
        b"../",
    ),
    *(b"unknown", b"not-yet", b"none", b"true", b"null", b"@2", b"@0", b"force", b"decisions:"),
)


def changed(random: Random, seeds: list[bytes]) -> bytes:
    """Return one of some files with up to six changes: bits, pieces, tokens, lines."""
    content = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        start = random.randint(0, len(content))
        end = min(len(content), start + random.choice((0, 1, 2, 8, 40)))
        kind = random.randrange(7)
        if kind == 0 and start < len(content):
            content[start] ^= 1 << random.randrange(8)
        elif kind == 1:
            content[start:end] = random.choice(TOKENS)
        elif kind == 2:
            del content[start:end]
        elif kind == 3:
            content[start:start] = content[start:end] * random.choice((1, 2, 50))
        elif kind == 4:
            other = random.choice(seeds)
            at = random.randint(0, len(other))
            content[start:end] = other[at : at + random.choice((4, 30, 300))]
        elif kind == 5:
            content[start:end] = random.randbytes(random.choice((1, 4, 16)))
        else:
            _change_lines(random, content)
    return bytes(content)


def _change_lines(random: Random, content: bytearray) -> None:
    """Take out, repeat, exchange or indent lines: the file stays readable more often."""
    lines = bytes(content).split(b"\n")
    line, other = random.randrange(len(lines)), random.randrange(len(lines))
    kind = random.randrange(5)
    if kind == 0:
        del lines[line]
    elif kind == 1:
        lines.insert(other, lines[line])
    elif kind == 2:
        lines[line], lines[other] = lines[other], lines[line]
    elif kind == 3:
        lines[line] = b" " * random.choice((1, 2, 4)) + lines[line]
    else:
        before, colon, _ = lines[line].partition(b":")
        lines[line] = before + colon + b" " + random.choice(TOKENS)
    content[:] = b"\n".join(lines)
