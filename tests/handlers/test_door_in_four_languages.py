"""The whole flow of a shut door, in each of the four languages: the round, the ladder, the calls, the end."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from models.cases import Case, CaseKind, CaseOutcome
from models.people import Person
from tests.handlers.test_rounds import Scene, scene

__all__ = ["scene"]


@dataclass(frozen=True)
class Words:
    """What is tapped and heard in one language."""

    no_answer: str
    plan: str
    card: str
    nobody_yet: str
    still: str
    red: str
    phone: str
    go_on: str
    again: str
    no_reply: str
    reached: str
    police: str
    door: str
    settled: str
    how: str
    asleep: str
    note: str
    no: str
    done: str
    safe: str
    family: str
    different: str
    kind: str
    urgent: str
    thanks: str
    board: str


SCENES = {
    "en": Words(
        "✗ No answer", "What was agreed: Back window", "Nobody answers at Sun A-yi's",
        "Nobody looks after it yet", "Still no answer", "Still nobody at Sun A-yi's", "Please phone now",
        "You may go on with your round",
        "Nobody looks after this yet", "✗ Sun A-yi no answer", "✓ Sun A-yi reached",
        "Shall the police be called, or the door be opened?", "The door will be opened", "It is settled",
        "How is Sun A-yi?", "Safe, asleep or did not hear", "Anything to note", "No", "That is on record now",
        "Sun A-yi is safe. Thank you", "Ms Chen has looked into it: Sun A-yi is safe",
        "Something is different", "Health", "Yes, at once", "All coordinators hear it now",
        "Open at Ping'an Lane",
    ),
    "zh_Hans": Words(
        "✗ 没人应", "事先说好的：Back window", "Sun A-yi家（", "还没有人跟进",
        "还是没人应", "Sun A-yi家还是没人应", "请现在按顺序打电话", "可以继续送餐",
        "这件事还没有人跟进", "✗ Sun A-yi没人接", "✓ Sun A-yi打通了",
        "要报警，还是找人开门？", "找人开门", "已弄清楚",
        "Sun A-yi怎么样？", "平安，睡着了或没听见", "有什么要记下来的吗", "没有", "已经记下来了",
        "Sun A-yi平安。谢谢您", "Ms Chen已经问清楚了：Sun A-yi平安", "有情况",
        "身体", "要，马上", "所有负责人现在都知道了", "Ping'an Lane未了的事",
    ),
    "zh_Hant": Words(
        "✗ 無人應門", "事先說好的：Back window", "Sun A-yi家（", "還沒有人跟進",
        "還是無人應門", "Sun A-yi家還是無人應門", "請現在按順序打電話", "可以繼續送餐",
        "這件事還沒有人跟進", "✗ Sun A-yi沒人接", "✓ Sun A-yi打通了",
        "要報警，還是找人開門？", "找人開門", "已弄清楚",
        "Sun A-yi怎麼樣？", "平安，睡著了或沒聽見", "有什麼要記下來的嗎", "沒有", "已經記下來了",
        "Sun A-yi平安。謝謝您", "Ms Chen已經問清楚了：Sun A-yi平安", "有狀況",
        "身體", "要，馬上", "所有負責人現在都知道了", "Ping'an Lane未了的事",
    ),
    "es": Words(
        "✗ No abren", "Lo acordado: Back window", "No abren en casa de Sun A-yi", "Nadie se ocupa todavía",
        "Siguen sin abrir", "Siguen sin abrir en casa de Sun A-yi", "Llame ahora, por favor",
        "Puede seguir con su ruta", "Nadie se ocupa de esto todavía", "✗ Sun A-yi no contestó",
        "✓ Sun A-yi contestó", "¿Se llama a la policía o se abre la puerta?", "Se va a abrir la puerta",
        "Ya está resuelto", "¿Cómo está Sun A-yi?", "A salvo: dormía o no oyó", "¿Algo que anotar", "No",
        "Ya queda anotado", "Sun A-yi está a salvo. Gracias",
        "Ms Chen lo ha comprobado: Sun A-yi está a salvo",
        "Algo es distinto", "La salud", "Sí, ahora mismo", "Todos los coordinadores lo saben ya",
        "Abierto en Ping'an Lane",
    ),
}  # fmt: skip


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", SCENES)
async def test_a_shut_door_from_the_first_knock_to_the_good_end(scene: Scene, language: str) -> None:
    house, chen, wu, lin, mei = scene.house, scene.chen, scene.wu, scene.lin, scene.mei
    say = SCENES[language]
    await Person.all().update(language=language)
    await lin.says("/round")
    first, second = await scene.meal(0), await scene.meal(1)
    await lin.presses(f"at_door:{first.id}:handed_over")
    await lin.taps(say.no_answer)
    assert any(say.plan in message.text for message in lin.heard)
    assert say.card in chen.last.text
    assert say.nobody_yet in wu.last.text
    assert say.board in (await wu.says("/cases"))[-1].text
    await house.at("2026-11-24 09:47")
    await lin.taps(say.still)
    assert any(say.red in message.text for message in lin.heard)
    for when, who, heard in (
        ("09:55", chen, say.phone), ("10:00", lin, say.go_on), ("10:15", wu, say.again),
        ("11:45", wu, say.police),
    ):  # fmt: skip
        await house.at(f"2026-11-24 {when}")
        assert heard in who.last.text, when
    await wu.taps(say.door)
    assert say.door in chen.last.text
    await chen.taps(say.no_reply)
    await chen.taps(say.reached)
    assert not any(say.family in message.text for message in mei.heard)
    await chen.taps(say.settled)
    assert say.how in chen.last.text
    await chen.taps(say.asleep)
    assert say.note in chen.last.text
    await chen.taps(say.no)
    assert say.done in chen.last.text
    assert any(say.safe in message.text for message in lin.heard)
    assert say.family in mei.last.text
    case = await Case.get(kind=CaseKind.NO_ANSWER)
    assert (case.meal_id, case.outcome) == (second.id, CaseOutcome.SAFE_HOME)
    await lin.taps(say.different)
    await lin.taps(say.kind)
    await lin.taps(say.urgent)
    assert say.thanks in lin.last.text


# someone down, [call] · alert · take over, give, to whom, [what they should know], asked · asks,
# in your place · police · opened, [thanks], met after all
HANDS = {
    "en": (
        "I can see someone down", "Call 120 now.", "Lin sees someone lying behind Sun A-yi's door",
        "I take it over", "Hand it over", "Who shall look after Sun A-yi?", "What should they know?",
        "I have asked Mr Wu.", "Ms Chen asks you to take this over: “Ring twice”",
        "Mr Wu looks after Sun A-yi now, in your place.", "We call the police",
        "The door opened: handed over", "Thank you. The coordinator knows it and will close this.",
        "Lin says that Sun A-yi was met after all.",
    ),
    "zh_Hans": (
        "看到人倒下了", "请马上打120。", "Lin看到Sun A-yi家里有人倒下", "我来接手", "交给别人",
        "Sun A-yi的事交给谁跟进？", "有什么要交代的吗？", "已经问Mr Wu了。",
        "Ms Chen请您接手这件事：“Ring twice”",
        "Sun A-yi的事现在由Mr Wu接手了。", "我们报警", "门开了：当面交了", "谢谢您。负责人知道了，会处理好。",
        "Lin说后来见到Sun A-yi了。",
    ),
    "zh_Hant": (
        "看到人倒下了", "請馬上打120。", "Lin看到Sun A-yi家裡有人倒下", "我來接手", "交給別人",
        "Sun A-yi的事交給誰跟進？", "有什麼要交代的嗎？", "已經問Mr Wu了。",
        "Ms Chen請您接手這件事：「Ring twice」",
        "Sun A-yi的事現在由Mr Wu接手了。", "我們報警", "門開了：當面交了", "謝謝您。負責人知道了，會處理好。",
        "Lin說後來見到Sun A-yi了。",
    ),
    "es": (
        "Veo a alguien en el suelo", "Llame ahora al 120.",
        "Lin ve a alguien en el suelo en casa de Sun A-yi",
        "Tomo el relevo", "Pasar el relevo", "¿Quién se ocupa de Sun A-yi?", "¿Qué debe saber?",
        "Se lo he pedido a Mr Wu.", "Ms Chen le pide que tome el relevo: «Ring twice»",
        "Mr Wu se ocupa ahora de Sun A-yi en su lugar.", "Llamamos a la policía", "Han abierto: entregada",
        "Gracias. La coordinación lo sabe y lo dará por resuelto.", "Lin dice que al final vio a Sun A-yi.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_a_door_goes_from_hand_to_hand_and_opens_after_all_in_each_language(scene: Scene) -> None:
    house, chen, wu, lin = scene.house, scene.chen, scene.wu, scene.lin
    await lin.says("/round")
    door = await scene.meal(1)
    for minute, (language, said) in enumerate(HANDS.items(), start=46):
        (
            down, call, alert, over, give, whom, know, asked, asks, instead, police, opened, thanks, met,
        ) = said  # fmt: skip
        await Person.all().update(language=language)
        await house.at(f"2026-11-24 09:{minute}")
        everything = [len(phone.heard) for phone in (chen, wu, lin)]
        await lin.presses(f"at_door:{door.id}:no_answer")
        case = await Case.get(kind=CaseKind.NO_ANSWER)
        assert (await lin.taps(down))[0].text.startswith(call)
        assert any(alert in message.text for message in chen.heard[everything[0] :])
        await (chen.taps(over) if case.owner_id else chen.presses(f"take:{case.id}"))
        await chen.walks((give, whom), ("Mr Wu", know), ("Ring twice", asked))
        assert asks in wu.last.text
        await wu.taps(over)
        assert any(instead in message.text for message in chen.heard[everything[0] :])
        await wu.presses(f"decide:{case.id}:police")
        assert police in chen.last.text
        await lin.taps(opened)
        assert any(thanks in message.text for message in lin.heard[everything[2] :])
        assert met in chen.last.text
