"""What people of the sample canteen wrote themselves, in each language: addresses, notes, worries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. knocks, plans: taken in turn; an empty one is none."""

    canteen: str
    coordinators: tuple[str, str]
    cook: str
    route: str
    address: str
    knocks: tuple[str, ...]
    plans: tuple[str, ...]
    avoids: tuple[str, ...]
    neighbour: str
    kitchen: str
    desk: str
    yard: str
    worry: str
    found: str


WORDS: Final[Mapping[str, Words]] = {
    "en": Words(
        canteen="Ping'an Lane",
        coordinators=("Ms Chen", "Mr Wu"),
        cook="Cook Sun",
        route="Route {number}",
        address="Ping'an Lane {house}, building {building}, door {door}",
        knocks=(
            "Please ring twice and wait: the way to the door takes a while.",
            "",
            "Hard of hearing: knock loudly on the iron door and call out.",
            "The bell is broken, please knock.",
            "",
            "Side entrance, behind the bicycle shed.",
            "The little dog barks, but it is friendly.",
        ),
        plans=(
            "Look in at the kitchen window. A niece lives ten minutes away.",
            "Ask next door, they have a key.",
            "Often in the yard behind the house at this hour. Call there first.",
            "Please phone before you leave: asleep sometimes, and deaf on the left ear.",
        ),
        avoids=("coriander", "lamb", "bitter melon"),
        neighbour="neighbour",
        kitchen="Helping in the kitchen",
        desk="Welcome at the desk",
        yard="the back door in the yard",
        worry="Yesterday's box was still full, and the flat was cold.",
        found="Was at the market with her sister.",
    ),
    "zh_Hans": Words(
        canteen="平安里",
        coordinators=("陈女士", "吴先生"),
        cook="孙师傅",
        route="{number}号线",
        address="平安里{house}号{building}栋{door}室",
        knocks=(
            "请按两下门铃，等一会儿，老人走得慢。",
            "",
            "耳背，请用力敲铁门，再喊一声。",
            "门铃坏了，请敲门。",
            "",
            "走边门，在自行车棚后面。",
            "小狗会叫，不咬人。",
        ),
        plans=(
            "看看厨房的窗户。侄女住得近，十分钟就到。",
            "问隔壁邻居，他们有钥匙。",
            "这个时候常在楼后的院子里，先去那里喊一声。",
            "走之前请打个电话：有时在睡觉，左耳听不见。",
        ),
        avoids=("香菜", "羊肉", "苦瓜"),
        neighbour="邻居",
        kitchen="厨房帮忙",
        desk="前台接待",
        yard="院子的后门",
        worry="昨天的饭盒还是满的，屋里很冷。",
        found="和妹妹去菜场了。",
    ),
    "zh_Hant": Words(
        canteen="平安里",
        coordinators=("陳女士", "吳先生"),
        cook="孫師傅",
        route="{number}號線",
        address="平安里{house}號{building}棟{door}室",
        knocks=(
            "請按兩下門鈴，等一會兒，長輩走得慢。",
            "",
            "重聽，請用力敲鐵門，再喊一聲。",
            "門鈴壞了，請敲門。",
            "",
            "走側門，在腳踏車棚後面。",
            "小狗會叫，不咬人。",
        ),
        plans=(
            "看看廚房的窗戶。姪女住得近，十分鐘就到。",
            "問隔壁鄰居，他們有鑰匙。",
            "這個時候常在屋後的院子裡，先去那裡喊一聲。",
            "離開前請打個電話：有時在睡覺，左耳聽不見。",
        ),
        avoids=("香菜", "羊肉", "苦瓜"),
        neighbour="鄰居",
        kitchen="廚房幫忙",
        desk="櫃台接待",
        yard="院子的後門",
        worry="昨天的餐盒還是滿的，屋裡很冷。",
        found="和妹妹去菜市場了。",
    ),
    "es": Words(
        canteen="Callejón Ping'an",
        coordinators=("Sra. Chen", "Sr. Wu"),
        cook="Sra. Sun",
        route="Ruta {number}",
        address="Callejón Ping'an {house}, edificio {building}, puerta {door}",
        knocks=(
            "Llame dos veces y espere: tarda un poco en llegar a la puerta.",
            "",
            "Oye mal: golpee fuerte la puerta de hierro y llame en voz alta.",
            "El timbre no funciona, llame con la mano.",
            "",
            "Entrada lateral, detrás del cobertizo de las bicicletas.",
            "El perrito ladra, pero es bueno.",
        ),
        plans=(
            "Mire por la ventana de la cocina. Una sobrina vive a diez minutos.",
            "Pregunte al lado, tienen una llave.",
            "A esta hora suele estar en el patio de atrás. Llame primero allí.",
            "Telefonee antes de irse: a veces duerme, y no oye con el oído izquierdo.",
        ),
        avoids=("cilantro", "cordero", "melón amargo"),
        neighbour="vecina",
        kitchen="Ayuda en la cocina",
        desk="Recibir en el mostrador",
        yard="la puerta trasera del patio",
        worry="El envase de ayer seguía lleno y en casa hacía frío.",
        found="Estaba en el mercado con su hermana.",
    ),
}
