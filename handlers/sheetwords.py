"""The words in which people type in a ticked sheet, in all our languages: "1-14送到了，7没人应"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from handlers.plain import numeral
from models.meals import MealState


class Sign(Enum):
    """What a word does in the sentence, when it is no outcome of its own."""

    ALL = "all"
    REST = "rest"
    EXCEPT = "except"
    BUT_FOR = "but for"  # stands after what it excepts: "7以外"
    UNCLEAR = "unclear"  # an outcome that says too little: "left", "not delivered", "?"
    UNKNOWN = "unknown"  # nobody knows, and somebody says so
    BOX = "box"  # the box came back: for the house to know, and nothing of the meal
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Doors by their numbers; alone: named one by one, which counts for more than a range does."""

    these: frozenset[int]
    alone: bool


@dataclass(frozen=True, slots=True)
class Strange:
    """Words that nobody here knows."""

    words: str


Token = Numbers | MealState | Sign | Strange

# Without accents; the longest that fits counts. What is denied stands beside what is said: "not delivered"
# must never be read as "delivered".
WORDS: Final[dict[MealState | Sign, str]] = {
    MealState.IN_PERSON: (
        "delivered|handed over|handed in person|in person|handed|given|served|done|ok|okay|yes|fine|✓|✔|✅|👍"
        "|当面交给老人|当面交给|当面交|面交|送到了|送到|送达|送达了|已送|送了|交给老人|交给了|给了|收到了|收到|好了|好"
        "|當面交給長輩|當面交|送達了|送達|交給長輩|交給了|給了"
        "|entregadas|entregada|entregados|entregado|entregue|en mano|dadas|dada|hecho|bien|si|vale"
    ),
    MealState.NO_ANSWER: (
        "no answer|no answers|not answered|did not answer|didn't answer|didnt answer|does not answer"
        "|nobody opened|no one opened|did not open|didn't open|didnt open|no response"
        "|no one|nobody|none|not home|not at home|not in|na"
        "|敲门没人应|没人应门|没人应|没人开门|没人在家|没人在|没人|没应|没开门|无人应门|无人|不在家|不在"
        "|敲門沒人應|沒人應門|沒人應|沒人開門|沒人在家|沒人在|沒人|沒應|無人應門|無人|冇人應門|冇人應|冇人"
        "|no abren|no abre|no abrio|no abrieron|no contestan|no contesta|no contesto|no responden|no responde"
        "|nadie|ninguna|ninguno|no estan|no esta|no estaba|no estaban"
    ),
    MealState.NEIGHBOUR: (
        "left with the neighbour|left with a neighbour|left with neighbour|with the neighbour"
        "|left with the neighbor|left with a neighbor|left with neighbor|with the neighbor"
        "|with a neighbour|with a neighbor|neighbours|neighbour|neighbors|neighbor"
        "|邻居代收|给邻居|邻居|鄰居代收|給鄰居|鄰居"
        "|la tiene un vecino|la tiene el vecino|con un vecino|con el vecino|con la vecina|vecino|vecina"
    ),
    MealState.AT_DOOR: (
        "left at the door|left at door|at the door|at door|by the door|outside"
        "|放在门口|放门口了|放门口|门口|放在門口|放門口了|放門口|門口"
        "|dejada en la puerta|dejadas en la puerta|dejado en la puerta|en la puerta|en puerta|a la puerta"
    ),
    MealState.REFUSED: (
        "refused|did not want it|didn't want it|did not want|didn't want|not wanted|does not want|rejected"
        "|不想要|不要了|不要|拒收|没要|不收|沒要"
        "|no la ha querido|no la han querido|no la quiso|no lo quiso|no quiso|no quiere|rechazadas|rechazada"
    ),
    MealState.RETURNED: (
        "returned|brought it back|brought back|bringing it back|taken back"
        "|带回去了|带回来了|带回去|带回来|带回|退回|拿回来|帶回去了|帶回來了|帶回去|帶回來|帶回|拿回來"
        "|devueltas|devuelta|devuelto|la devuelvo|de vuelta"
    ),
    Sign.UNCLEAR: (
        "left|not delivered|undelivered|not handed over|not done|not given|not|no|never|?|✗|✘|❌|x"
        "|wasn't|wasnt|weren't|werent|isn't|isnt|couldn't|couldnt|could not|didn't|didnt|did not|cannot|can't"
        "|留下了|留下|放下|没送到|没送|未送达|未送|没交|没给|没有|没|未|不|无法"
        "|沒送到|沒送|未送達|沒交|沒給|沒有|沒|無法"
        "|dejadas|dejada|dejado|nunca|tampoco|no entregadas|no entregada|no entregado"
        "|sin entregar|no se entrego"
    ),
    Sign.UNKNOWN: (
        "unknown|nobody knows|don't know|dont know|not known|不知道|不清楚|不详|不詳"
        "|no se sabe|no se|nadie sabe"
    ),
    Sign.ALL: "all|everyone|everybody|everything|全部都|全部|全都|全|都|所有|大家|todas|todos|todo",
    Sign.REST: (
        "all the rest|all the others|all others|all else|everyone else|everybody else|the rest|the others"
        "|rest|others|remaining|其他的|其他|其它|其余的|其余|剩下的|剩下|别的|其餘的|其餘|別的"
        "|todas las demas|todos los demas|las demas|los demas|el resto|las otras|los otros|resto|demas|otras"
    ),
    Sign.EXCEPT: "except for|except|apart from|but|without|除了|除去|除|menos|salvo|excepto|sin contar|pero",
    Sign.BUT_FOR: "以外|之外",
    Sign.BOX: (
        "box is back|boxes are back|box back|boxes back|饭盒收回|餐盒收回|收回饭盒|收回餐盒"
        "|envase devuelto|envases devueltos"
    ),
}
# Said in passing: nothing hangs on it.
PASSING: Final = (
    "and|the|a|at|to|of|was|were|is|are|it|with|has|have|been|for|in|on|by|number|numbers|nr|door|doors|stop"
    "|stops|house|houses|meal|meals|lunch|lunches"
    "|第|号|號|户|戶|家|的|了|和|跟|与|與|是|那|这|這|已经|已經|已|也|门|門"
    "|y|e|la|las|el|los|del|de|al|que|puerta|puertas|casa|casas|parada|paradas|numero|numeros|ha|han|sido|se"
    "|fue|fueron|con|un|una|en|comida|comidas|tambien"
)
_TO: Final = r"[号號户戶]?\s*(?:[-–—~]|to|through|thru|till|until|hasta|a la|al|a|到|至)\s*第?"
_NUMBER: Final = re.compile(rf"(?<!\d)(\d{{1,4}})(?:{_TO}(\d{{1,4}}))?(?!\d)")
_CLOCK: Final = re.compile(r"\d{1,2}[:h.]\d{2}(?!\d)")
_CHINESE: Final = re.compile("[零一二三四五六七八九十两兩]+")
_STOPS: Final = ",;.。、，；!！\n"
_SPACE: Final = " \t:()[]\"'“”「」/*#"
MOST: Final = 999


def tokens(text: str) -> Iterator[Token]:
    """Cut what was typed into numbers, outcomes and signs; what is none of them is strange."""
    said, at, strange = _folded(text), 0, ""
    while at < len(said):
        found = _next(said, at)
        if found is None:
            strange += said[at]
            at += 1
            continue
        at, token = found
        if token is None and strange:
            strange += " "
        if token is not None:
            if strange.strip():
                yield Strange(" ".join(strange.split()))
            strange = ""
            yield token
    if strange.strip():
        yield Strange(" ".join(strange.split()))


def _folded(text: str) -> str:
    """Bring a text to one plain form that keeps its lines: half-width, small, without accents."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in parts if not unicodedata.combining(char) and char != "\ufe0f")
    return _CHINESE.sub(lambda found: _digits(found[0]), bare.replace("’", "'"))


def _digits(said: str) -> str:
    value = numeral(said)
    return said if value is None else str(value)


def _next(said: str, at: int) -> tuple[int, Token | None] | None:
    """Read what stands at a place: where it ends, and what it is; None is passed over."""
    if said[at] in _STOPS:
        return at + 1, Sign.STOP
    if said[at] in _SPACE:
        return at + 1, None
    if clock := _CLOCK.match(said, at):
        return clock.end(), None
    if number := _NUMBER.match(said, at):
        first, last = int(number[1]), int(number[2] or number[1])
        these = range(min(first, last), min(max(first, last), MOST) + 1)
        return number.end(), Numbers(frozenset(these), alone=number[2] is None)
    if (word := _WORD.match(said, at)) and not _inside(said, at):
        return word.end(), _MEANS[word[0]]
    return None


def _inside(said: str, at: int) -> bool:
    """Tell whether a place is in the middle of a word that is spelt with letters."""
    return (
        at > 0
        and said[at].isascii()
        and said[at].isalpha()
        and said[at - 1].isascii()
        and said[at - 1].isalpha()
    )


_MEANS: Final[dict[str, MealState | Sign | None]] = {
    **dict.fromkeys(PASSING.split("|")),
    **{word: means for means, words in WORDS.items() for word in words.split("|")},
}
_WORD: Final = re.compile(
    "|".join(
        re.escape(word) + ("(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else "")
        for word in sorted(_MEANS, key=len, reverse=True)
    )
)
