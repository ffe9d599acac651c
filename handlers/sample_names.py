"""Who lives and helps in Ping'an Lane, the sample canteen of a rehearsal: invented people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Name:
    """A family name and a given name, as pinyin and in both scripts."""

    pinyin: tuple[str, str]
    hans: tuple[str, str]
    hant: tuple[str, str]

    def full(self, language: str) -> str:
        """Write the whole name for readers of a language."""
        match language:
            case "zh_Hans":
                return "".join(self.hans)
            case "zh_Hant":
                return "".join(self.hant)
            case _:
                return " ".join(self.pinyin)

    def given(self, language: str) -> str:
        """Write the given name for readers of a language."""
        match language:
            case "zh_Hans":
                return self.hans[1]
            case "zh_Hant":
                return self.hant[1]
            case _:
                return self.pinyin[1]


@dataclass(frozen=True, slots=True)
class Old:
    """A senior: a name, how one is addressed, and the year of birth."""

    name: Name
    woman: bool
    born: int

    def called(self, language: str) -> str:
        """Tell how one speaks to this senior: with the given name, for there are many Wangs."""
        given = self.name.given(language)
        match language:
            case "zh_Hans":
                return given + ("阿姨" if self.woman else "叔叔")
            case "zh_Hant":
                return given + ("阿姨" if self.woman else "伯伯")
            case "es":
                return ("doña " if self.woman else "don ") + given
            case _:
                return ("Aunt " if self.woman else "Uncle ") + given


def _name(row: str) -> Name:
    pinyin, hans, hant = row.split(",")
    family, _space, given = pinyin.partition(" ")
    return Name((family, given), (hans[0], hans[1:]), (hant[0], hant[1:]))


def _old(row: str) -> Old:
    name, sex, born = row.rsplit(",", 2)
    return Old(_name(name), sex == "f", int(born))


OLD: Final = tuple(
    _old(row)
    for row in """
Zhang Xiuying,张秀英,張秀英,f,1938
Li Jianguo,李建国,李建國,m,1949
Zhao Yulan,赵玉兰,趙玉蘭,f,1941
Chen Fusheng,陈福生,陳福生,m,1936
Wang Guilan,王桂兰,王桂蘭,f,1940
Liu Shuzhen,刘淑珍,劉淑珍,f,1943
Yang Dehua,杨德华,楊德華,m,1945
Sun Meifang,孙美芳,孫美芳,f,1939
Zhou Wenbin,周文斌,周文斌,m,1947
Wu Cuihua,吴翠华,吳翠華,f,1942
Xu Zhiming,徐志明,徐志明,m,1944
Zhu Fengying,朱凤英,朱鳳英,f,1935
Hu Laifa,胡来发,胡來發,m,1946
Gao Yueqin,高月琴,高月琴,f,1937
Lin Amei,林阿妹,林阿妹,f,1934
He Shunchang,何顺昌,何順昌,m,1943
Guo Lizhen,郭丽珍,郭麗珍,f,1948
Ma Hongsheng,马洪生,馬洪生,m,1940
Luo Huifen,罗惠芬,羅惠芬,f,1945
Liang Yongfu,梁永福,梁永福,m,1938
Song Qiaoyun,宋巧云,宋巧雲,f,1941
Zheng Baogen,郑宝根,鄭寶根,m,1933
Xie Peihua,谢佩华,謝佩華,f,1946
Han Shilin,韩世林,韓世林,m,1942
Tang Suqin,唐素琴,唐素琴,f,1936
Feng Jinlong,冯金龙,馮金龍,m,1950
Dong Ruifang,董瑞芳,董瑞芳,f,1939
Xiao Weimin,萧卫民,蕭衛民,m,1947
Cheng Yuzhen,程玉珍,程玉珍,f,1944
Cao Genbao,曹根宝,曹根寶,m,1937
Yuan Lihua,袁丽华,袁麗華,f,1949
Deng Guoqiang,邓国强,鄧國強,m,1951
Fu Aizhen,傅爱珍,傅愛珍,f,1932
Shen Xiaomei,沈小妹,沈小妹,f,1940
Peng Shoushan,彭寿山,彭壽山,m,1935
Lu Yingdi,陆英娣,陸英娣,f,1943
Su Wenying,苏文英,蘇文英,f,1948
Jiang Bosheng,蒋伯生,蔣伯生,m,1946
Cai Yumei,蔡玉梅,蔡玉梅,f,1950
Jia Changgui,贾长贵,賈長貴,m,1944
Ding Xiangzhen,丁香珍,丁香珍,f,1947
Wei Zhongliang,魏忠良,魏忠良,m,1952
Xue Lianying,薛莲英,薛蓮英,f,1938
Ye Mingde,叶明德,葉明德,m,1941
Pan Yindi,潘银娣,潘銀娣,f,1945
""".strip().splitlines()
)

VOLUNTEERS: Final = tuple(
    _name(row)
    for row in """
Lin Hao,林浩,林浩
Zhao Zhigang,赵志刚,趙志剛
Gao Yu,高宇,高宇
Qian Li,钱丽,錢麗
Sun Qiang,孙强,孫強
Xu Jie,徐洁,徐潔
Ma Chao,马超,馬超
He Min,何敏,何敏
Guo Feng,郭峰,郭峰
Tan Yun,谭云,譚雲
Shi Wei,石伟,石偉
Ren Xin,任欣,任欣
""".strip().splitlines()
)
# Whose mother or father it is stands beside them in `sample`: by the senior's place in OLD.
RELATIVES: Final = tuple(
    (int(place), _name(row))
    for place, row in (
        line.split(" ", 1)
        for line in """
4 Li Mei,李梅,李梅
0 Zhang Lei,张磊,張磊
2 Qian Hong,钱红,錢紅
5 Liu Yang,刘洋,劉洋
7 Sun Ping,孙萍,孫萍
9 Wu Gang,吴刚,吳剛
11 Zhu Hua,朱华,朱華
13 Gao Ming,高明,高明
16 Guo Tao,郭涛,郭濤
19 Liang Jing,梁静,梁靜
22 Xie Bin,谢斌,謝斌
26 Dong Yan,董燕,董燕
30 Yuan Kai,袁凯,袁凱
36 Su Rui,苏睿,蘇睿
44 Pan Ling,潘玲,潘玲
""".strip().splitlines()
    )
)
